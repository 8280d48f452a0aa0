use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A definition has Type Flag with a Number that is not 0, or Number 0 with another Type.
pub static FLAG_WITH_NUMBER: Rule = Rule {
    code: "VCF010",
    name: "flag-with-number",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A definition has Type Flag with a Number that is not 0, or Number 0 with another Type.",
    explanation: "The specification says that the Number of a flag should be 0. A flag has no value, and a key of Number 0 is a flag. The service reads the key as a flag, and so does annostore.",
    help: "write `Number=0,Type=Flag`, or give the count that the values have",
    source: "VCF 4.2, section 1.2.2",
};
