use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value has another JSON type than its member.
pub static WRONG_MEMBER_TYPE: Rule = Rule {
    code: "REQ003",
    name: "wrong-member-type",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A value has another JSON type than its member.",
    explanation: "`\"header\": \"true\"` is a string where the API has a boolean, and `null` is no value of any member. The AWS CLI and the SDKs refuse it before anything is sent.",
    help: "give a value of the member's type, or leave the member out",
    source: "service: API model",
};
