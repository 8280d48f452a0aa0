use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row comes twice.
pub static DUPLICATE_ROW: Rule = Rule {
    code: "TSV120",
    name: "duplicate-row",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A row comes twice.",
    explanation: "The service stores both. So does annostore. Rows far apart are compared as long as the file has no more than seven million rows; neighbours always.",
    help: "remove the repetition, for example with `sort -u`",
    source: "service: rows are not checked for repetition",
};
