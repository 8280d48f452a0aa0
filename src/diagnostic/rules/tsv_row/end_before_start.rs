use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The end of a row lies before its start.
pub static END_BEFORE_START: Rule = Rule {
    code: "TSV115",
    name: "end-before-start",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The end of a row lies before its start.",
    explanation: "The service does not look. No query for a region finds such a row. annostore stores it as it is.",
    help: "check which column is which, and whether positions count from one",
    source: "service: positions are not checked",
};
