use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A phase is an integer, but not 0, 1 or 2.
pub static INVALID_PHASE: Rule = Rule {
    code: "GFF109",
    name: "invalid-phase",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A phase is an integer, but not 0, 1 or 2.",
    explanation: "The phase says how many bases of a CDS to leave out before the next codon begins. The service stores any integer. So does annostore.",
    help: "write 0, 1 or 2 for a CDS, and `.` for other features",
    source: "GFF3 1.26, Column 8",
};
