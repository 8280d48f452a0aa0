use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has more or fewer fields than the schema has columns.
pub static WRONG_ROW_LENGTH: Rule = Rule {
    code: "TSV101",
    name: "wrong-row-length",
    subject: Subject::TsvRow,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A row has more or fewer fields than the schema has columns.",
    explanation: "The service fails the job with a generic sentence and names no line. annostore cannot tell which field is absent, and rejects the line.",
    help: "check the separator, the quotes, and that the line was not cut",
    source: "service: Spark in mode FAILFAST",
};
