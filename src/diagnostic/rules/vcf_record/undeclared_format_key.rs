use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FORMAT has a key that the header does not define.
pub static UNDECLARED_FORMAT_KEY: Rule = Rule {
    code: "VCF164",
    name: "undeclared-format-key",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Note,
    summary: "FORMAT has a key that the header does not define.",
    explanation: "FORMAT lines are optional. The service stores the values in `information`, and so does annostore.",
    help: "add a FORMAT line for the key to the header",
    source: "VCF 4.2, section 1.2.4",
};
