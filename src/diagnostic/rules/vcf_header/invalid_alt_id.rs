use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The ID of an ALT line has white space, a comma or an angle bracket.
pub static INVALID_ALT_ID: Rule = Rule {
    code: "VCF026",
    name: "invalid-alt-id",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The ID of an ALT line has white space, a comma or an angle bracket.",
    explanation: "No allele `<ID>` can be written with it. The service takes it, and so does annostore.",
    help: "write an ID without white space, commas and angle brackets, for example `DEL:ME`",
    source: "VCF 4.2, sections 1.2.5 and 1.4.1 (ALT)",
};
