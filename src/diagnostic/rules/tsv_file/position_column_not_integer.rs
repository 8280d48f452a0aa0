use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A column that holds positions is neither INT nor LONG.
pub static POSITION_COLUMN_NOT_INTEGER: Rule = Rule {
    code: "TSV008",
    name: "position-column-not-integer",
    subject: Subject::TsvFile,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A column that holds positions is neither INT nor LONG.",
    explanation: "The importer subtracts one from the column. Of a STRING that makes a DOUBLE, which does not go into the table; the job fails.",
    help: "make the column LONG or INT",
    source: "service: positions are converted by arithmetic",
};
