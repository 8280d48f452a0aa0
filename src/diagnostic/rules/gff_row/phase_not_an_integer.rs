use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A phase is neither an integer nor `.`.
pub static PHASE_NOT_AN_INTEGER: Rule = Rule {
    code: "GFF104",
    name: "phase-not-an-integer",
    subject: Subject::GffRow,
    effect: Effect::DropsRow,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A phase is neither an integer nor `.`.",
    explanation: "The service's reader drops such a row without a word. annostore cannot store it and says so.",
    help: "write 0, 1 or 2 for a CDS, and `.` for other features",
    source: "GFF3 1.26, Column 8; service: rows are read with the mode DROPMALFORMED",
};
