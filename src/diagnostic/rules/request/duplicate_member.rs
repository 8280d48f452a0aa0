use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A member stands twice in one object.
pub static DUPLICATE_MEMBER: Rule = Rule {
    code: "REQ008",
    name: "duplicate-member",
    subject: Subject::Request,
    effect: Effect::LosesValue,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A member stands twice in one object.",
    explanation: "JSON does not say which of the two counts. The AWS CLI takes the last without a word, so that an option that is written in the file is not in force.",
    help: "leave one of them out",
    source: "RFC 8259 section 4",
};
