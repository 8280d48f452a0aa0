use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An ID from before a `###` is used behind it.
pub static ID_ACROSS_TERMINATOR: Rule = Rule {
    code: "GFF307",
    name: "id-across-terminator",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An ID from before a `###` is used behind it.",
    explanation: "`###` says that all features so far are complete, so that a program may let go of them: a Parent, or another line of a feature, may not come after. The service takes the line for a comment. annostore stores the rows as they are.",
    help: "move the row in front of the `###`, or remove that line",
    source: "GFF3 1.26, Other Syntax: ###",
};
