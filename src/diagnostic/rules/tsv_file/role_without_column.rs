use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A role that the annotation type needs has no column.
pub static ROLE_WITHOUT_COLUMN: Rule = Rule {
    code: "TSV009",
    name: "role-without-column",
    subject: Subject::TsvFile,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A role that the annotation type needs has no column.",
    explanation: "`formatToHeader` says which column of the schema plays which role, by the name that the schema gives it, not by that of the file's header. Where a role is missing, or names no column of the schema, the job fails as an internal error.",
    help: "name a column of the schema for each role in formatToHeader",
    source: "service: the importer looks up each role by name",
};
