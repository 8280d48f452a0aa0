use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A field that does not begin with a quote has one inside.
pub static QUOTE_IN_UNQUOTED_FIELD: Rule = Rule {
    code: "TSV109",
    name: "quote-in-unquoted-field",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A field that does not begin with a quote has one inside.",
    explanation: "A quote counts only as the first character of a field. Here it is text, blanks in front of it included. annostore stores the same.",
    help: "begin the field with the quote if it was meant to be quoted",
    source: "service: univocity-parsers",
};
