use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header has other names than the schema.
pub static HEADER_NAMES_DIFFER: Rule = Rule {
    code: "TSV005",
    name: "header-names-differ",
    subject: Subject::TsvFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Note,
    summary: "The header has other names than the schema.",
    explanation: "The service ignores the header: columns have the names of the schema. This is as it should be where the names were changed on purpose.",
    help: "compare the names with the schema, column by column",
    source: "service: columns bind by position, never by name",
};
