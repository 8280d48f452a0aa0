use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// `Is_circular` is neither true nor false.
pub static INVALID_IS_CIRCULAR: Rule = Rule {
    code: "GFF218",
    name: "invalid-is-circular",
    subject: Subject::GffAttribute,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "Is_circular is neither true nor false.",
    explanation: "The service casts the text to a truth value and stores null where that fails. annostore keeps the text in `information`, and null in the column.",
    help: "write `Is_circular=true`, or leave the attribute out",
    source: "GFF3 1.26, Column 9: Is_circular",
};
