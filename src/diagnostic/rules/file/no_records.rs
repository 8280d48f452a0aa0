use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The file has no records.
pub static NO_RECORDS: Rule = Rule {
    code: "FILE003",
    name: "no-records",
    subject: Subject::File,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The file has no records.",
    explanation: "The service refuses to import zero rows. annostore completes the import of a file whose header is sound, and the version is unchanged.",
    help: "check that the file is the one you meant and that it was not cut after its header",
    source: "service: an import of 0 rows fails",
};
