use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// QUAL is neither a number nor `.`.
pub static QUALITY_NOT_A_NUMBER: Rule = Rule {
    code: "VCF113",
    name: "quality-not-a-number",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "QUAL is neither a number nor `.`.",
    explanation: "The service fails the job. annostore stores null.",
    help: "write a number or `.`, or import with --ignore-qual-field",
    source: "VCF 4.2, section 1.4.1 (QUAL); service: generic failure",
};
