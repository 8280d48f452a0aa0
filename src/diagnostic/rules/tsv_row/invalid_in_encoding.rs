use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line has bytes that stand for nothing in the declared encoding.
pub static INVALID_IN_ENCODING: Rule = Rule {
    code: "TSV114",
    name: "invalid-in-encoding",
    subject: Subject::TsvRow,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A line has bytes that stand for nothing in the declared encoding.",
    explanation: "The service puts the replacement character U+FFFD for them, without a word. annostore stores the same and says where.",
    help: "find out the encoding of the file, and give it as readOptions.encoding",
    source: "service: Java's decoders replace malformed input",
};
