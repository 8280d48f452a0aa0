use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The file begins with a byte order mark.
pub static BYTE_ORDER_MARK: Rule = Rule {
    code: "TSV013",
    name: "byte-order-mark",
    subject: Subject::TsvFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Note,
    summary: "The file begins with a byte order mark.",
    explanation: "The reader removes it. Other programs read it as part of the first name.",
    help: "save the file as UTF-8 without a byte order mark",
    source: "service: Hadoop's line reader skips a UTF-8 byte order mark",
};
