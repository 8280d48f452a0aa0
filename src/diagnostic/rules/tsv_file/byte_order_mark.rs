use crate::diagnostic::{Effect, Outcome, Rule, Severity};

/// The file begins with a byte order mark.
pub static BYTE_ORDER_MARK: Rule = Rule {
    code: "TSV013",
    name: "byte-order-mark",
    severity: Severity::Note,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    summary: "The file begins with a byte order mark.",
    explanation: "The reader removes it. Other programs read it as part of the first name.",
    help: "save the file as UTF-8 without a byte order mark",
    source: "service: Hadoop's line reader skips a UTF-8 byte order mark",
};
