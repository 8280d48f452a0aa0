use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A start or an end is not an integer.
pub static POSITION_NOT_AN_INTEGER: Rule = Rule {
    code: "GFF102",
    name: "feature-position-not-an-integer",
    subject: Subject::GffRow,
    effect: Effect::DropsRow,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A start or an end is not an integer.",
    explanation: "The service's reader drops such a row without a word. annostore cannot store it and says so. `.` and nothing at all are another thing: a position that is missing (GFF105).",
    help: "write the position as a plain integer",
    source: "GFF3 1.26, Columns 4 & 5; service: rows are read with the mode DROPMALFORMED",
};
