use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A tag that the specification does not know begins with a capital letter.
pub static RESERVED_TAG: Rule = Rule {
    code: "GFF208",
    name: "reserved-tag",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A tag that the specification does not know begins with a capital letter.",
    explanation: "Tags with a capital letter are reserved for later versions of the specification; an application's own begin with a small one. The service stores any tag in `information`. So does annostore, in the spelling of the file.",
    help: "begin the tag with a small letter",
    source: "GFF3 1.26, Column 9: attributes that begin with an uppercase letter are reserved",
};
