use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line ends in CRLF, but `lineSep` is LF: the last column keeps the CR.
pub static CARRIAGE_RETURN_KEPT: Rule = Rule {
    code: "TSV113",
    name: "carriage-return-kept",
    subject: Subject::TsvRow,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A line ends in CRLF, but `lineSep` is LF: the last column keeps the CR.",
    explanation: "With an explicit line separator nothing else ends a line, and the carriage return becomes the last character of the last value; a number there fails the job. annostore stores the same.",
    help: "leave readOptions.lineSep out: lines then end in LF, CR or CRLF",
    source: "service: Hadoop's line reader with an explicit delimiter",
};
