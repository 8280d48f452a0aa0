use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The version is none that VCF 4 has.
pub static UNKNOWN_VERSION: Rule = Rule {
    code: "VCF020",
    name: "unknown-version",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The version is none that VCF 4 has.",
    explanation: "The service fails the job. annostore takes the file as VCF 4.2, and what later versions changed is not checked.",
    help: "correct the first line to the version that the file follows, VCFv4.0 to VCFv4.5",
    source: "VCF 4.2, section 1.2; service: unsupported version",
};
