use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO has the same key twice.
pub static DUPLICATE_INFO_KEY: Rule = Rule {
    code: "VCF117",
    name: "duplicate-info-key",
    subject: Subject::VcfRecord,
    effect: Effect::LosesValue,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "INFO has the same key twice.",
    explanation: "A map holds one value per key, so the service loses one of the two. annostore keeps the first in its column and the others in `info_other`.",
    help: "join the values with commas, or remove one of them",
    source: "VCF 4.3, section 1.6.1 (INFO): duplicate keys are not allowed",
};
