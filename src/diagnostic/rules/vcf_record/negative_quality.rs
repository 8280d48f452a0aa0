use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// QUAL is below zero.
pub static NEGATIVE_QUALITY: Rule = Rule {
    code: "VCF135",
    name: "negative-quality",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "QUAL is below zero.",
    explanation: "A probability cannot be above one: the service's reader fails the job. annostore stores the number.",
    help: "write a number of at least zero, or `.`",
    source: "VCF 4.2, section 1.4.1 (QUAL); service: positive log10 of a probability",
};
