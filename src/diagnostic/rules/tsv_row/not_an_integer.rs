use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value of an INT or LONG column is no integer, or does not fit.
pub static NOT_AN_INTEGER: Rule = Rule {
    code: "TSV102",
    name: "not-an-integer",
    subject: Subject::TsvRow,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A value of an INT or LONG column is no integer, or does not fit.",
    explanation: "Java's parser takes a sign and digits, and nothing else: no blanks, no fraction, no exponent, no words such as `NA` or `.`. An empty field is null. The service fails the job with a generic sentence and names no line.",
    help: "leave the field empty where there is no value, or make the column STRING, DOUBLE or LONG",
    source: "service: Spark in mode FAILFAST",
};
