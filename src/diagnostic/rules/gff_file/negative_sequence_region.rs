use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A ##sequence-region line has a negative bound.
pub static NEGATIVE_SEQUENCE_REGION: Rule = Rule {
    code: "GFF009",
    name: "negative-sequence-region",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A ##sequence-region line has a negative bound.",
    explanation: "Positions count from one, but some programs write -1 for a length that they do not know. The line bounds nothing then. The service takes it for a comment.",
    help: "give the length of the landmark, or leave the line out",
    source: "GFF3 1.26, Other Syntax: ##sequence-region",
};
