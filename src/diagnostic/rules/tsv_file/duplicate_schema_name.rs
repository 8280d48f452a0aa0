use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Two columns of the schema have one name.
pub static DUPLICATE_SCHEMA_NAME: Rule = Rule {
    code: "TSV007",
    name: "duplicate-schema-name",
    subject: Subject::TsvFile,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "Two columns of the schema have one name.",
    explanation: "The importer refuses a schema that has a name twice, in any case of letters, and the job fails as an internal error. annostore cannot tell the columns apart either.",
    help: "give each column a name of its own",
    source: "service: Spark refuses duplicate columns",
};
