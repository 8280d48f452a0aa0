use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO CIGAR is no CIGAR string of the SAM format.
pub static INVALID_CIGAR: Rule = Rule {
    code: "VCF146",
    name: "invalid-cigar",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "INFO CIGAR is no CIGAR string of the SAM format.",
    explanation: "The service stores the text, and so does annostore.",
    help: "write lengths and operations such as 3M1I, one for each ALT allele",
    source: "VCF 4.3, section 1.6.1, table 1; SAM, section 1.4; EBI vcf-validator",
};
