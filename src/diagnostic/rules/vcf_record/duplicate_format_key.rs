use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FORMAT has the same key twice.
pub static DUPLICATE_FORMAT_KEY: Rule = Rule {
    code: "VCF161",
    name: "duplicate-format-key",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "FORMAT has the same key twice.",
    explanation: "The service keeps one of the two values. annostore keeps the first in its column and the other in `information`.",
    help: "remove one of the two, and its values",
    source: "VCF 4.3, section 1.6.2: duplicate keys are not allowed",
};
