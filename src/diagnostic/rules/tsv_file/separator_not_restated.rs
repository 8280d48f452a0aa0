use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Read options without `sep` are given, and the file is separated by tabs.
pub static SEPARATOR_NOT_RESTATED: Rule = Rule {
    code: "TSV001",
    name: "separator-not-restated",
    subject: Subject::TsvFile,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "Read options without `sep` are given, and the file is separated by tabs.",
    explanation: "Without any read options the service reads a header and tabs. Once read options are given, be they empty, Spark's own defaults hold for whatever they leave out: a comma and no header. Every row of a file with tabs is then one field, and the job fails with a generic sentence.",
    help: "give readOptions.sep `\\t` as well, or leave readOptions out altogether",
    source: "service: read options replace the importer's defaults wholesale",
};
