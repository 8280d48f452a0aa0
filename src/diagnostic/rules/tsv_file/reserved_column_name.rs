use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A column of the schema has the name of one that the store makes itself.
pub static RESERVED_COLUMN_NAME: Rule = Rule {
    code: "TSV010",
    name: "reserved-column-name",
    subject: Subject::TsvFile,
    effect: Effect::LosesValue,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A column of the schema has the name of one that the store makes itself.",
    explanation: "`importjobid` and `information` are in every table, and `end` in those of CHR_POS and CHR_POS_REF_ALT. The importer overwrites the file's values without a word.",
    help: "give the column another name: columns go by their place in the file, not by their name there",
    source: "service: the importer adds columns by name",
};
