use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An attribute has no `=`.
pub static ATTRIBUTE_WITHOUT_EQUALS: Rule = Rule {
    code: "GFF201",
    name: "attribute-without-equals",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An attribute has no `=`.",
    explanation: "Attributes are `tag=value`. The service takes the text for a tag without a value. annostore stores it in `information` as a tag with an empty value.",
    help: "write `tag=value`; a semicolon within a value is written as %3B",
    source: "GFF3 1.26, Column 9",
};
