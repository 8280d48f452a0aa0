use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line consists of blanks, tabs or control characters only, and is dropped.
pub static ROW_OF_BLANKS: Rule = Rule {
    code: "TSV111",
    name: "row-of-blanks",
    subject: Subject::TsvRow,
    effect: Effect::DropsRow,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A line consists of blanks, tabs or control characters only, and is dropped.",
    explanation: "The reader drops a line of which trimming leaves nothing, before it looks for separators: with tabs, a row of empty fields vanishes instead of becoming a row of nulls. annostore drops it too.",
    help: "remove the line, or give the row a value",
    source: "service: Java's trim strips every character up to U+0020",
};
