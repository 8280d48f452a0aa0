use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Lines of one ID lie on different landmarks.
pub static ID_ON_SEVERAL_SEQIDS: Rule = Rule {
    code: "GFF305",
    name: "id-on-several-seqids",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "Lines of one ID lie on different landmarks.",
    explanation: "Lines that share an ID are one feature in several places of one landmark. IDs have to be unique within a file. The service does not look. annostore stores the rows as they are.",
    help: "give each feature an ID of its own",
    source: "GFF3 1.26, Column 9: all lines that share an ID must collectively represent a single feature",
};
