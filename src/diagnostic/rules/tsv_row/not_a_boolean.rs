use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value of a BOOLEAN column is neither true nor false.
pub static NOT_A_BOOLEAN: Rule = Rule {
    code: "TSV104",
    name: "not-a-boolean",
    subject: Subject::TsvRow,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A value of a BOOLEAN column is neither true nor false.",
    explanation: "The words may have any case, but no blanks around them; `1`, `yes` and `T` are none. An empty field is null. The service fails the job with a generic sentence and names no line.",
    help: "write true or false, leave the field empty, or make the column STRING",
    source: "service: Spark in mode FAILFAST",
};
