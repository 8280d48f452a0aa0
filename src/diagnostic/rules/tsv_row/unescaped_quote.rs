use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Text follows a closing quote, so the field is kept raw, with its quotes.
pub static UNESCAPED_QUOTE: Rule = Rule {
    code: "TSV106",
    name: "unescaped-quote",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "Text follows a closing quote, so the field is kept raw, with its quotes.",
    explanation: "A quoted field whose closing quote is followed by anything but the separator is repaired without a word: it is kept as it stands, quotes included, up to the next separator, be that one that the quotes were to protect. annostore stores the same.",
    help: "write the quote inside the field with the escape character in front, or choose readOptions.quote so that the file does not have it",
    source: "service: univocity-parsers, STOP_AT_DELIMITER",
};
