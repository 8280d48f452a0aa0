use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Before VCF 4.4: GT begins with `/` or `|`.
pub static LEADING_PHASING_BEFORE_4_4: Rule = Rule {
    code: "VCF165",
    name: "leading-phasing-before-4.4",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "Before VCF 4.4: GT begins with `/` or `|`.",
    explanation: "The phasing of the first allele came with VCF 4.4. The service's reader fails the job. annostore reads it.",
    help: "remove the separator in front, or raise the version in the first line",
    source: "VCF 4.4, section 1.6.2 (GT); service: malformed at line",
};
