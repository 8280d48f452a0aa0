use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A position lies before the first base.
pub static POSITION_BELOW_FIRST: Rule = Rule {
    code: "TSV116",
    name: "position-below-first",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A position lies before the first base.",
    explanation: "Under a one-based annotation type the first base is 1, and 0 becomes -1 in the table; a zero-based file was perhaps meant to be of a zero-based type. The service does not look. annostore stores it as it is.",
    help: "check the annotation type: ONE_BASE and CHR_POS count from one, ZERO_BASE from zero",
    source: "service: positions are not checked",
};
