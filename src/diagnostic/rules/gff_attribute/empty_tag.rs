use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification};

/// A value has no tag.
pub static EMPTY_TAG: Rule = Rule {
    code: "GFF203",
    name: "empty-tag",
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A value has no tag.",
    explanation: "The service stores the value under an empty tag. So does annostore, in `information`.",
    help: "write `tag=value`",
    source: "GFF3 1.26, Column 9",
};
