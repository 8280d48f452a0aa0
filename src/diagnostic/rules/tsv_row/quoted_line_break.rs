use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A quote is open at the end of the line, and fields are missing.
pub static QUOTED_LINE_BREAK: Rule = Rule {
    code: "TSV110",
    name: "quoted-line-break",
    subject: Subject::TsvRow,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A quote is open at the end of the line, and fields are missing.",
    explanation: "The service cuts a file into lines before it looks at quotes, so a quoted field with a line break inside is two broken rows, and the job fails with a generic sentence. An unclosed quote looks the same: it takes in all fields behind it.",
    help: "remove line breaks from values, and close every quote",
    source: "service: Spark with multiLine off",
};
