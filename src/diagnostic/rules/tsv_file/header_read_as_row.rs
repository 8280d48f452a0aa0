use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The first line has the names of the columns, but is read as a row.
pub static HEADER_READ_AS_ROW: Rule = Rule {
    code: "TSV002",
    name: "header-read-as-row",
    subject: Subject::TsvFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The first line has the names of the columns, but is read as a row.",
    explanation: "Once read options are given, be they empty, Spark's default holds for `header`: false. The line with the names is then a row: where a column is no STRING the job fails with a generic sentence, and where all are, the names become a row of the table.",
    help: "give readOptions.header true",
    source: "service: read options replace the importer's defaults wholesale",
};
