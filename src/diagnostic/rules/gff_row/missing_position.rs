use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has no start or no end.
pub static MISSING_POSITION: Rule = Rule {
    code: "GFF105",
    name: "missing-position",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A row has no start or no end.",
    explanation: "The service stores null. So does annostore. No query for a region finds such a row.",
    help: "give the position",
    source: "GFF3 1.26, Columns 4 & 5",
};
