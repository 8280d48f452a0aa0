use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An INFO flag has a value other than 0 and 1.
pub static FLAG_WITH_VALUE: Rule = Rule {
    code: "VCF116",
    name: "flag-with-value",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An INFO flag has a value other than 0 and 1.",
    explanation: "The service stores the value as text. annostore keeps the text in `info_other`; the typed column is null.",
    help: "remove the value, or define the key with another Type",
    source: "VCF 4.2, section 1.4.1 (INFO)",
};
