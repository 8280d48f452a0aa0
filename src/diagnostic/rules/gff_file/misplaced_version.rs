use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line with the version of the format stands further down.
pub static MISPLACED_VERSION: Rule = Rule {
    code: "GFF003",
    name: "misplaced-version",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A line with the version of the format stands further down.",
    explanation: "That is what is left where files were joined with `cat`: IDs of one may then mean features of another. The service takes the line for a comment. annostore passes over it.",
    help: "join GFF3 files with a program that keeps their IDs apart, such as `gt gff3 -sort`",
    source: "GFF3 1.26, Other Syntax: ##gff-version must be the topmost line",
};
