use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A column begins with a quote.
pub static QUOTED_COLUMN: Rule = Rule {
    code: "GFF115",
    name: "quoted-column",
    subject: Subject::GffRow,
    effect: Effect::LosesValue,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A column begins with a quote.",
    explanation: "GFF3 has no quotes: they are part of the value. But the service reads rows as CSV. It takes the quotes off, and where the quote does not end before the next tab, the columns run together and the row is dropped. annostore stores the value with its quotes.",
    help: "remove the quotes, or write the first one as %22",
    source: "GFF3 1.26, Column 9: quotes are part of the value; service: rows are read as CSV",
};
