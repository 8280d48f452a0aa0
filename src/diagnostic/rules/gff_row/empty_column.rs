use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A column of numbers, or the strand, has nothing in it.
pub static EMPTY_COLUMN: Rule = Rule {
    code: "GFF111",
    name: "empty-column",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A column of numbers, or the strand, has nothing in it.",
    explanation: "The specification wants a `.` for a column without a value. The service stores null for both. So does annostore.",
    help: "write a `.` for a column without a value",
    source: "GFF3 1.26, Description of the Format: undefined fields are replaced with the `.` character",
};
