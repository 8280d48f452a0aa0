use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The line with the names is a comment, and the first row is dropped as the header.
pub static HEADER_READ_AS_COMMENT: Rule = Rule {
    code: "TSV003",
    name: "header-read-as-comment",
    subject: Subject::TsvFile,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The line with the names is a comment, and the first row is dropped as the header.",
    explanation: "The reader drops comments first and the header after that. Where the names begin with the comment character, as in `#chrom`, the first row is taken for the header and is lost without a word. annostore stores what the service would.",
    help: "give readOptions.header false, or remove the comment character from the line with the names",
    source: "service: Spark looks for the header among the lines that are no comments",
};
