use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A strand is not one of `+`, `-`, `?` and `.`.
pub static INVALID_STRAND: Rule = Rule {
    code: "GFF108",
    name: "invalid-strand",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A strand is not one of `+`, `-`, `?` and `.`.",
    explanation: "The service stores any text. So does annostore.",
    help: "write `+` or `-`, `?` where it matters but is not known, `.` where there is none",
    source: "GFF3 1.26, Column 7",
};
