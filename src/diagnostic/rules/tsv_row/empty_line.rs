use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line is empty.
pub static EMPTY_LINE: Rule = Rule {
    code: "TSV112",
    name: "empty-line",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Note,
    summary: "A line is empty.",
    explanation: "The reader drops it.",
    help: "remove the line",
    source: "service: Spark filters empty lines",
};
