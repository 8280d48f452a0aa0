use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has no position.
pub static POSITION_MISSING: Rule = Rule {
    code: "TSV117",
    name: "position-missing",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A row has no position.",
    explanation: "An empty position is null in the table, and so is the end that is computed from it, or from an empty REF. No query for a region finds such a row. annostore stores it as it is.",
    help: "give the row a position, or remove it",
    source: "service: positions are not checked",
};
