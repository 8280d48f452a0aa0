use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// ID has white space or an empty element.
pub static INVALID_ID: Rule = Rule {
    code: "VCF123",
    name: "invalid-id",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "ID has white space or an empty element.",
    explanation: "IDs are separated by semicolons. The service stores the parts as they are, and so does annostore.",
    help: "separate ids by single semicolons, or write `.`",
    source: "VCF 4.2, section 1.4.1 (ID)",
};
