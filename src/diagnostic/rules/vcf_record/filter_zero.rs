use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FILTER has the element `0`.
pub static FILTER_ZERO: Rule = Rule {
    code: "VCF126",
    name: "filter-zero",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "FILTER has the element `0`.",
    explanation: "`0` is reserved and must not be used as a filter. The service takes it, and so does annostore.",
    help: "write PASS where the record passed all filters",
    source: "VCF 4.2, section 1.4.1 (FILTER)",
};
