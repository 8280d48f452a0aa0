use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A member that the API cannot do without is missing.
pub static MISSING_MEMBER: Rule = Rule {
    code: "REQ007",
    name: "missing-member",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A member that the API cannot do without is missing.",
    explanation: "The AWS CLI and the SDKs refuse the request before anything is sent. Options alone, without a name of a store or a role, are not taken for a request: `check` asks for nothing else then. annostore needs neither a role nor a source, and its flags may give the rest.",
    help: "give the member",
    source: "service: API model",
};
