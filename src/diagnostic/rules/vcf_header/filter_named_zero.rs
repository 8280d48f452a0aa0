use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header defines a filter with the ID `0`.
pub static FILTER_NAMED_ZERO: Rule = Rule {
    code: "VCF037",
    name: "filter-named-zero",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The header defines a filter with the ID `0`.",
    explanation: "`0` is reserved and must not be used as a filter. The service takes it, and so does annostore.",
    help: "give the filter another name",
    source: "VCF 4.2, section 1.4.1 (FILTER)",
};
