use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A ##sequence-region line is not a seqid with a start and an end.
pub static MALFORMED_SEQUENCE_REGION: Rule = Rule {
    code: "GFF004",
    name: "malformed-sequence-region",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A ##sequence-region line is not a seqid with a start and an end.",
    explanation: "The line has to be `##sequence-region seqid start end`, with positions that count from one. The service takes it for a comment. annostore passes over it, and cannot hold the features of that landmark to its bounds.",
    help: "write the seqid, the first and the last position, separated by blanks",
    source: "GFF3 1.26, Other Syntax: ##sequence-region",
};
