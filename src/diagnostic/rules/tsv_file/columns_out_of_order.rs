use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header has a column of the schema in another place.
pub static COLUMNS_OUT_OF_ORDER: Rule = Rule {
    code: "TSV004",
    name: "columns-out-of-order",
    subject: Subject::TsvFile,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The header has a column of the schema in another place.",
    explanation: "The service binds columns by their place and ignores the header. A file whose columns stand in another order than the schema is taken without a word wherever the types allow it, with the values of one column in another. annostore stores what the service would.",
    help: "put the schema in the order of the file, or the columns of the file in the order of the schema",
    source: "service: columns bind by position, never by name",
};
