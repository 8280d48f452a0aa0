use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Lines of one ID have different types.
pub static ID_ON_SEVERAL_TYPES: Rule = Rule {
    code: "GFF304",
    name: "id-on-several-types",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "Lines of one ID have different types.",
    explanation: "Lines that share an ID are one feature in several places, such as a CDS. A feature has one type. The service does not look. annostore stores the rows as they are.",
    help: "give each feature an ID of its own",
    source: "GFF3 1.26, Column 9: all lines that share an ID must collectively represent a single feature",
};
