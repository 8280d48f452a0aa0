use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The escapes of a value do not stand for UTF-8.
pub static ESCAPE_NOT_UTF8: Rule = Rule {
    code: "GFF213",
    name: "escape-not-utf8",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The escapes of a value do not stand for UTF-8.",
    explanation: "Text of a store is UTF-8. The specification allows other encodings, but does not say where a file names its own. The service decodes nothing. annostore keeps such a value as it stands in the file.",
    help: "write the character as UTF-8: %C3%A9 for an e with an acute accent",
    source: "GFF3 1.26, Description of the Format",
};
