use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A quote is written twice inside a quoted field, but doubling does not escape.
pub static DOUBLED_QUOTE: Rule = Rule {
    code: "TSV107",
    name: "doubled-quote",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A quote is written twice inside a quoted field, but doubling does not escape.",
    explanation: "Most programs write a quote inside a quoted field twice. The service's reader knows this only if the escape is the quote itself; else both quotes are kept, and the field may be split at a separator that the quotes were to protect. annostore stores the same.",
    help: "give readOptions.escape `\"`",
    source: "service: Spark's escape is a backslash unless told otherwise",
};
