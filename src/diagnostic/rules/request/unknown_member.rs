use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A member is not one of the request's, or is spelt otherwise.
pub static UNKNOWN_MEMBER: Rule = Rule {
    code: "REQ002",
    name: "unknown-member",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A member is not one of the request's, or is spelt otherwise.",
    explanation: "Members are spelt as in the API, in camelCase. The AWS CLI and the SDKs refuse a member that they do not know, before anything is sent. A client that sends it all the same is worse off: the member is ignored, and the job runs with other options than those that were meant. Where the spelling leaves no doubt, `check` goes on as if it were right.",
    help: "spell the member as in the API, or leave it out",
    source: "service: API model",
};
