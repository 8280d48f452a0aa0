use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The document is not JSON.
pub static NOT_JSON: Rule = Rule {
    code: "REQ001",
    name: "not-json",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The document is not JSON.",
    explanation: "The AWS CLI reads the document before it sends anything, and ends at the first character that JSON does not allow: a comma behind the last member, a comment, a single quote. annostore reads JSON as strictly, and can tell nothing else about the document.",
    help: "correct the JSON at this place",
    source: "RFC 8259, and `aws omics --cli-input-json`",
};
