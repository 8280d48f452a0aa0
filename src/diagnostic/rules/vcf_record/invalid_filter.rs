use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FILTER has white space or an empty element.
pub static INVALID_FILTER: Rule = Rule {
    code: "VCF125",
    name: "invalid-filter",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "FILTER has white space or an empty element.",
    explanation: "Filters are separated by semicolons. The service stores what stands there, and so does annostore.",
    help: "separate filters by single semicolons, or write PASS or `.`",
    source: "VCF 4.2, section 1.4.1 (FILTER)",
};
