use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The file has escapes, which the service does not decode.
pub static ESCAPES_NOT_DECODED: Rule = Rule {
    code: "GFF214",
    name: "escapes-not-decoded",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Note,
    summary: "The file has escapes, which the service does not decode.",
    explanation: "The service stores `%2C` where the specification means a comma. annostore decodes: its values are the ones that were meant, and differ from the service's. Said once for a file.",
    help: "decode the values in queries that are to run on the service too",
    source: "GFF3 1.26, Description of the Format; service: nothing is decoded",
};
