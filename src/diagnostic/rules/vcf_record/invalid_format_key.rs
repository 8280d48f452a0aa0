use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A FORMAT key is empty or has a character that keys cannot have.
pub static INVALID_FORMAT_KEY: Rule = Rule {
    code: "VCF162",
    name: "invalid-format-key",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A FORMAT key is empty or has a character that keys cannot have.",
    explanation: "Letters, digits, underscores and dots are allowed, from VCF 4.3 on beginning with a letter or underscore. The service takes it, and so does annostore.",
    help: "rename the key",
    source: "VCF 4.3, section 1.6.2",
};
