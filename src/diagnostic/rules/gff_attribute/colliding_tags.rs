use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has two tags that differ in case or underscores only.
pub static COLLIDING_TAGS: Rule = Rule {
    code: "GFF206",
    name: "colliding-tags",
    subject: Subject::GffAttribute,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A row has two tags that differ in case or underscores only.",
    explanation: "To the specification they are two tags. The service looks neither at case nor at underscores, cannot make a map of the attributes and fails the job. annostore stores both.",
    help: "rename one of the tags",
    source: "service: its GFF reader folds tags to lower case and removes underscores",
};
