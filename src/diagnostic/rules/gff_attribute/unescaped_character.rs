use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value has an `&`, or a comma where one value belongs, that is not escaped.
pub static UNESCAPED_CHARACTER: Rule = Rule {
    code: "GFF215",
    name: "unescaped-character",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A value has an `&`, or a comma where one value belongs, that is not escaped.",
    explanation: "The two characters have a meaning in column nine and are to be written as %26 and %2C. Most programs take them as they are, so that only the policy `strict` calls it an error. The service stores the text as it is. So does annostore.",
    help: "write %26 for an `&`, and %2C for a comma",
    source: "GFF3 1.26, Description of the Format",
};
