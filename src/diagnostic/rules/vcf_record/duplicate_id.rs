use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.3 on: ID has the same element twice.
pub static DUPLICATE_ID: Rule = Rule {
    code: "VCF124",
    name: "duplicate-id",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.3 on: ID has the same element twice.",
    explanation: "The ids of a record are unique. The service stores both, and so does annostore.",
    help: "remove one of the two",
    source: "VCF 4.3, section 1.6.1 (ID)",
};
