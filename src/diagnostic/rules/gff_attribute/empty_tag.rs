use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value has no tag.
pub static EMPTY_TAG: Rule = Rule {
    code: "GFF203",
    name: "empty-tag",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A value has no tag.",
    explanation: "The service stores the value under an empty tag. So does annostore, in `information`.",
    help: "write `tag=value`",
    source: "GFF3 1.26, Column 9",
};
