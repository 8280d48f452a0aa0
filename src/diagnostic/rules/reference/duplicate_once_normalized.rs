use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The record is the same as one further up, once both are normalized.
pub static DUPLICATE_ONCE_NORMALIZED: Rule = Rule {
    code: "REF005",
    name: "duplicate-once-normalized",
    subject: Subject::Reference,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The record is the same as one further up, once both are normalized.",
    explanation: "Neither the service nor annostore drops it: two rows remain, which may tell different things about one variant, and double the rows of a join.",
    help: "decide which of the records is right, or merge them with `bcftools norm -d exact`",
    source: "bcftools norm -d",
};
