use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has no seqid or no type.
pub static MISSING_COLUMN: Rule = Rule {
    code: "GFF112",
    name: "missing-column",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A row has no seqid or no type.",
    explanation: "The service stores null. So does annostore. A row without a seqid lies nowhere, and no query for a region finds it.",
    help: "give the landmark and the type of the feature",
    source: "GFF3 1.26, Column 1 and Column 3",
};
