use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A sample has more values than FORMAT has keys.
pub static TOO_MANY_SAMPLE_VALUES: Rule = Rule {
    code: "VCF118",
    name: "too-many-sample-values",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A sample has more values than FORMAT has keys.",
    explanation: "The service fails the job. annostore cannot tell what the surplus values mean, and rejects the line.",
    help: "correct FORMAT or the sample; values are separated by colons",
    source: "VCF 4.2, section 1.4.2; service: malformed at line",
};
