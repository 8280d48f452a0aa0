use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A seqid has more than one ##sequence-region line.
pub static DUPLICATE_SEQUENCE_REGION: Rule = Rule {
    code: "GFF005",
    name: "duplicate-sequence-region",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A seqid has more than one ##sequence-region line.",
    explanation: "Only one is allowed for any seqid. The service takes the lines for comments. annostore holds features to the first one.",
    help: "keep the line that covers all features of the seqid",
    source: "GFF3 1.26, Other Syntax: only one ##sequence-region for any given seqid",
};
