use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A Parent is the ID of no feature.
pub static UNRESOLVED_PARENT: Rule = Rule {
    code: "GFF301",
    name: "unresolved-parent",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A Parent is the ID of no feature.",
    explanation: "The ID may stand further down, but within the file, and before the next `###`. Said once for a Parent that is not there, at the first row that names it. The service does not look. annostore stores the row as it is. IDs are kept in memory for as many as 3.6 million features; a report on a larger file says where it stopped looking.",
    help: "add the feature, or correct the ID",
    source: "GFF3 1.26, Column 9: Parent",
};
