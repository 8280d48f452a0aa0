use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A score is too large or too small for a 64-bit float.
pub static SCORE_OUT_OF_RANGE: Rule = Rule {
    code: "GFF116",
    name: "score-out-of-range",
    subject: Subject::GffRow,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A score is too large or too small for a 64-bit float.",
    explanation: "The service stores infinity or zero. So does annostore, since a column of numbers has no other place for it.",
    help: "write a score between 1e-307 and 1e308",
    source: "service: scores are 64-bit floats",
};
