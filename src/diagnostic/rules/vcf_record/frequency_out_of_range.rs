use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO AF is not between 0 and 1.
pub static FREQUENCY_OUT_OF_RANGE: Rule = Rule {
    code: "VCF145",
    name: "frequency-out-of-range",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "INFO AF is not between 0 and 1.",
    explanation: "It is a fraction of the alleles; percentages and counts are the usual mistake. The service stores the text; annostore stores the number.",
    help: "write the fraction, for example 0.05 for 5 %",
    source: "VCF 4.3, section 1.6.1, table 1; EBI vcf-validator",
};
