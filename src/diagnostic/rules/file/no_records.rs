use crate::diagnostic::{Effect, Outcome, Rule, Severity};

/// The file has no records.
pub static NO_RECORDS: Rule = Rule {
    code: "FILE003",
    name: "no-records",
    severity: Severity::Error,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    summary: "The file has no records.",
    explanation: "The service refuses to import zero rows. annostore completes the import of a file whose header is sound, and the version is unchanged.",
    help: "check that the file is the one you meant and that it was not cut after its header",
    source: "service: an import of 0 rows fails",
};
