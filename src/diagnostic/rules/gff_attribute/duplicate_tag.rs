use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has an attribute twice.
pub static DUPLICATE_TAG: Rule = Rule {
    code: "GFF205",
    name: "duplicate-tag",
    subject: Subject::GffAttribute,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A row has an attribute twice.",
    explanation: "The service cannot make a map of the attributes and fails the job. Several values of one tag belong behind one `=`, separated by commas, and that is what annostore makes of it. Where a tag can have one value only, such as ID, the first goes into its column and the others into `information`.",
    help: "join the values with a comma: `tag=one,two`",
    source: "GFF3 1.26, Column 9: multiple attributes of the same type; service: a map refuses a key that comes twice",
};
