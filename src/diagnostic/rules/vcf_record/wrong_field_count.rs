use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A record has fewer or more fields than the `#CHROM` line.
pub static WRONG_FIELD_COUNT: Rule = Rule {
    code: "VCF101",
    name: "wrong-field-count",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A record has fewer or more fields than the `#CHROM` line.",
    explanation: "The service fails the job with the approximate line. annostore cannot tell which field is absent, and rejects the line.",
    help: "check that the line is separated by tabs and was not cut",
    source: "VCF 4.2, section 1.4; service: names the line number",
};
