use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// QUAL is -1.
pub static QUALITY_OF_MINUS_ONE: Rule = Rule {
    code: "VCF136",
    name: "quality-of-minus-one",
    subject: Subject::VcfRecord,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "QUAL is -1.",
    explanation: "The service's reader keeps -1 for absent and stores null, and so does annostore.",
    help: "write `.` where there is no quality",
    source: "VCF 4.2, section 1.4.1 (QUAL); service: -1 becomes null",
};
