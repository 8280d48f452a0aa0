use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FORMAT GP, or from VCF 4.3 on CNP, is not between 0 and 1.
pub static PROBABILITY_OUT_OF_RANGE: Rule = Rule {
    code: "VCF171",
    name: "probability-out-of-range",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "FORMAT GP, or from VCF 4.3 on CNP, is not between 0 and 1.",
    explanation: "Up to VCF 4.2 GP was described as phred-scaled. The service takes it, and so does annostore.",
    help: "write probabilities",
    source: "VCF 4.3, section 1.6.2, table 2; EBI vcf-validator",
};
