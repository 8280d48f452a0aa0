use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Lines of one ID have different Parents.
pub static ID_WITH_DIFFERENT_PARENTS: Rule = Rule {
    code: "GFF306",
    name: "id-with-different-parents",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "Lines of one ID have different Parents.",
    explanation: "Lines that share an ID are one feature in several places, which is a part of the same features everywhere. The service does not look. annostore stores the rows as they are.",
    help: "give each feature an ID of its own, or name all of its Parents on each line",
    source: "GFF3 1.26, Column 9: all lines that share an ID must collectively represent a single feature",
};
