use crate::diagnostic::{Effect, Outcome, Rule, Severity};

/// A line is empty.
pub static EMPTY_LINE: Rule = Rule {
    code: "TSV112",
    name: "empty-line",
    severity: Severity::Note,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    summary: "A line is empty.",
    explanation: "The reader drops it.",
    help: "remove the line",
    source: "service: Spark filters empty lines",
};
