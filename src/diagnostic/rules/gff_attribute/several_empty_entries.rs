use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has several semicolons with nothing between them.
pub static SEVERAL_EMPTY_ENTRIES: Rule = Rule {
    code: "GFF207",
    name: "several-empty-entries",
    subject: Subject::GffAttribute,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A row has several semicolons with nothing between them.",
    explanation: "One semicolon at the end does no harm. To the service each empty stretch is an attribute without a tag; two of them are the same tag twice, it cannot make a map of the attributes and fails the job. annostore passes over them.",
    help: "remove the semicolons that separate nothing",
    source: "service: a map refuses a key that comes twice",
};
