use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A feature is a part of itself, perhaps by way of others.
pub static PARENT_CYCLE: Rule = Rule {
    code: "GFF302",
    name: "parent-cycle",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A feature is a part of itself, perhaps by way of others.",
    explanation: "Programs that follow Parent do not come to an end. The service does not look. annostore stores the rows as they are, and follows no Parent.",
    help: "correct the Parent of one of the features",
    source: "GFF3 1.26, Column 9: Parent: a part-of relationship",
};
