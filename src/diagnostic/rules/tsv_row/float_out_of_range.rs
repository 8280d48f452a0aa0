use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A number is too large or too small for its column.
pub static FLOAT_OUT_OF_RANGE: Rule = Rule {
    code: "TSV105",
    name: "float-out-of-range",
    subject: Subject::TsvRow,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A number is too large or too small for its column.",
    explanation: "Java reads a number beyond the range of the type as an infinity, and one too close to zero as zero, without a word. A p-value of 1e-50 in a FLOAT column is 0. annostore stores the same.",
    help: "make the column DOUBLE, or STRING where not even that is enough",
    source: "service: Java's parsers of floating-point numbers",
};
