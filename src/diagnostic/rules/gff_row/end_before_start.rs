use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The end of a row lies before its start.
pub static END_BEFORE_START: Rule = Rule {
    code: "GFF107",
    name: "feature-end-before-start",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The end of a row lies before its start.",
    explanation: "The service does not look. No query for a region finds such a row. annostore stores it as it is. The strand is told by column 7, never by the order of the positions; a feature that crosses the origin of a circular landmark ends at its end plus the length of the landmark.",
    help: "put the lower position first",
    source: "GFF3 1.26, Columns 4 & 5: start is always less than or equal to end",
};
