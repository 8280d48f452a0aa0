use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A symbolic allele with a colon begins with none of DEL, INS, DUP, INV, CNV (and BND up to VCF 4.3).
pub static UNKNOWN_STRUCTURAL_TYPE: Rule = Rule {
    code: "VCF131",
    name: "unknown-structural-type",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A symbolic allele with a colon begins with none of DEL, INS, DUP, INV, CNV (and BND up to VCF 4.3).",
    explanation: "What stands before the colon is the type of structural variant. The service takes it, and so does annostore.",
    help: "begin the allele with its type, or write it without a colon",
    source: "VCF 4.3, section 1.4.5; EBI vcf-validator",
};
