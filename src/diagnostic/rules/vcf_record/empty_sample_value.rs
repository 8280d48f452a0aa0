use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Before VCF 4.5: a value of a sample is empty.
pub static EMPTY_SAMPLE_VALUE: Rule = Rule {
    code: "VCF176",
    name: "empty-sample-value",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "Before VCF 4.5: a value of a sample is empty.",
    explanation: "An absent value is written `.`; since VCF 4.5 local alleles may be an empty list. The service stores nothing, and neither does annostore.",
    help: "write `.`",
    source: "VCF 4.2, section 1.4.2; EBI vcf-validator",
};
