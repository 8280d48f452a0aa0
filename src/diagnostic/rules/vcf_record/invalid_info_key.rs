use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.3 on: an INFO key is not a letter or underscore followed by letters, digits, underscores and dots.
pub static INVALID_INFO_KEY: Rule = Rule {
    code: "VCF137",
    name: "invalid-info-key",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.3 on: an INFO key is not a letter or underscore followed by letters, digits, underscores and dots.",
    explanation: "`1000G` is the only exception. The service takes it, and so does annostore.",
    help: "rename the key, here and in the header",
    source: "VCF 4.3, section 1.6.1 (INFO)",
};
