use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// `lineSep` has two characters.
pub static LINE_SEPARATOR_OF_TWO_CHARACTERS: Rule = Rule {
    code: "TSV012",
    name: "line-separator-of-two-characters",
    subject: Subject::TsvFile,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "`lineSep` has two characters.",
    explanation: "The service's Spark takes exactly one character; later ones take two. annostore takes two as well.",
    help: "leave readOptions.lineSep out: lines then end in LF, CR or CRLF",
    source: "service: Spark 3.1 refuses a lineSep of more than one character",
};
