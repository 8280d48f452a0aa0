use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The name of a column of the schema cannot be parsed by the service's importer.
pub static SCHEMA_NAME_BREAKS_IMPORT: Rule = Rule {
    code: "TSV006",
    name: "schema-name-breaks-import",
    subject: Subject::TsvFile,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The name of a column of the schema cannot be parsed by the service's importer.",
    explanation: "The API takes any lower-case letters, digits and underscores. The importer, however, hands the schema to Spark as DDL, where a name of digits alone, or one that reads as a number such as `1e5`, `1d` or `10l`, is no name. The job fails as an internal error.",
    help: "begin the name with a letter or an underscore",
    source: "service: the schema goes through Spark's DDL parser",
};
