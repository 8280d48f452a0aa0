use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value of a FLOAT or DOUBLE column is no number.
pub static NOT_A_FLOAT: Rule = Rule {
    code: "TSV103",
    name: "not-a-float",
    subject: Subject::TsvRow,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A value of a FLOAT or DOUBLE column is no number.",
    explanation: "Java's parser takes decimal and hexadecimal numbers, `NaN`, `Inf`, `-Inf` and `Infinity` in exactly these spellings; not `nan`, `NA` or `.`. An empty field is null. The service fails the job with a generic sentence and names no line.",
    help: "leave the field empty where there is no value, or make the column STRING",
    source: "service: Spark in mode FAILFAST",
};
