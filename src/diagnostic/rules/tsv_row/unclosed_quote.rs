use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The last field has an opening quote and no closing one.
pub static UNCLOSED_QUOTE: Rule = Rule {
    code: "TSV108",
    name: "unclosed-quote",
    subject: Subject::TsvRow,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The last field has an opening quote and no closing one.",
    explanation: "The end of the line closes the quote without a word; the opening quote is lost from the value. annostore stores the same.",
    help: "close the quote, or choose readOptions.quote so that the file does not have it",
    source: "service: univocity-parsers at the end of its input",
};
