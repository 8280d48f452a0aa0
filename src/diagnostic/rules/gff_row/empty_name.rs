use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A seqid, source or type has nothing in it.
pub static EMPTY_NAME: Rule = Rule {
    code: "GFF118",
    name: "empty-name",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A seqid, source or type has nothing in it.",
    explanation: "The specification wants a `.` for a column without a value. Most programs take nothing for a `.`, so that only the policy `strict` calls it an error. The service stores null for both. So does annostore.",
    help: "write a `.` for a column without a value",
    source: "GFF3 1.26, Description of the Format: undefined fields are replaced with the `.` character",
};
