use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A start is less than one.
pub static START_BELOW_ONE: Rule = Rule {
    code: "GFF106",
    name: "start-below-one",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A start is less than one.",
    explanation: "Positions of GFF3 count from one: a start of 0 points to a file that was made from zero-based positions, all of whose starts are then off by one. The service subtracts one and stores what comes out. So does annostore.",
    help: "add one to the starts of the file if they count from zero",
    source: "GFF3 1.26, Columns 4 & 5",
};
