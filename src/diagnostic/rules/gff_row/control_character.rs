use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has a control character that is not escaped.
pub static CONTROL_CHARACTER: Rule = Rule {
    code: "GFF114",
    name: "control-character",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A row has a control character that is not escaped.",
    explanation: "Control characters have to be percent-encoded. The service stores them as they are. So does annostore.",
    help: "write the character as `%` and its two hexadecimal digits, or remove it",
    source: "GFF3 1.26, Description of the Format",
};
