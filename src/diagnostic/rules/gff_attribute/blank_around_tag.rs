use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// There are blanks around a tag.
pub static BLANK_AROUND_TAG: Rule = Rule {
    code: "GFF211",
    name: "blank-around-tag",
    subject: Subject::GffAttribute,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "There are blanks around a tag.",
    explanation: "The service keeps them as a part of the tag: ` Name` is not `Name`, and the column stays null. annostore takes them off.",
    help: "remove the blanks behind semicolons and around `=`",
    source: "service: blanks are not trimmed",
};
