use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A feature and its Parent lie on different landmarks.
pub static PARENT_ON_OTHER_SEQID: Rule = Rule {
    code: "GFF303",
    name: "parent-on-other-seqid",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A feature and its Parent lie on different landmarks.",
    explanation: "A part lies where its whole does. The service does not look. annostore stores the row as it is.",
    help: "correct the seqid or the Parent",
    source: "GFF3 1.26, Column 9: Parent: a part-of relationship",
};
