use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.3 on: FILTER has the same element twice.
pub static DUPLICATE_FILTER: Rule = Rule {
    code: "VCF127",
    name: "duplicate-filter",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.3 on: FILTER has the same element twice.",
    explanation: "The service stores both, and so does annostore.",
    help: "remove one of the two",
    source: "VCF 4.3, section 1.6.1 (FILTER)",
};
