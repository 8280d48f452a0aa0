use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An attribute has a tag, but no value.
pub static EMPTY_VALUE: Rule = Rule {
    code: "GFF204",
    name: "empty-value",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An attribute has a tag, but no value.",
    explanation: "The service stores an empty text. So does annostore. An empty ID or Parent names no feature.",
    help: "give the value, or leave the attribute out",
    source: "GFF3 1.26, Column 9: attributes are tag=value",
};
