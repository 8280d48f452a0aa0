use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A `%` is not followed by two hexadecimal digits.
pub static BAD_ESCAPE: Rule = Rule {
    code: "GFF212",
    name: "bad-escape",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A `%` is not followed by two hexadecimal digits.",
    explanation: "A percent sign has to be written as %25. The service decodes nothing and stores the text as it is. annostore keeps such a `%`, and decodes the escapes beside it.",
    help: "write %25 for a percent sign",
    source: "GFF3 1.26, Description of the Format; RFC 3986, section 2.1",
};
