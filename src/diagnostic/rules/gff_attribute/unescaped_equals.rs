use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value has an `=` that is not escaped.
pub static UNESCAPED_EQUALS: Rule = Rule {
    code: "GFF202",
    name: "unescaped-equals",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A value has an `=` that is not escaped.",
    explanation: "The first `=` of an attribute ends its tag. Another one has to be written as %3D. The service takes it as a part of the value. So does annostore.",
    help: "write %3D for an `=` within a value",
    source: "GFF3 1.26, Column 9",
};
