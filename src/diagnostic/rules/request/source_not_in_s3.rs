use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A source is no `s3://bucket/key`.
pub static SOURCE_NOT_IN_S3: Rule = Rule {
    code: "REQ011",
    name: "source-not-in-s3",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A source is no `s3://bucket/key`.",
    explanation: "The service imports from S3 alone: a bucket name of 3 to 63 characters and a key of 1 to 1,024. annostore imports the files that are named on its command line.",
    help: "upload the file, and give its address as s3://bucket/key",
    source: "service: API model",
};
