use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line has bytes that are not UTF-8.
pub static INVALID_UTF8: Rule = Rule {
    code: "FILE004",
    name: "invalid-utf8",
    subject: Subject::File,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A line has bytes that are not UTF-8.",
    explanation: "The service reads text as UTF-8 and puts the replacement character U+FFFD for each byte it cannot read, without a word. annostore stores the same and says where.",
    help: "convert the file, for example with `iconv -f LATIN1 -t UTF-8`",
    source: "VCF 4.3, section 1.1: UTF-8; service: bad bytes become U+FFFD",
};
