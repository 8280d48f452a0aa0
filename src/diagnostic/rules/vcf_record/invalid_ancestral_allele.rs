use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO AA has a comma or an equals sign.
pub static INVALID_ANCESTRAL_ALLELE: Rule = Rule {
    code: "VCF147",
    name: "invalid-ancestral-allele",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "INFO AA has a comma or an equals sign.",
    explanation: "There is one ancestral allele for a record. The service stores the text, and so does annostore.",
    help: "write one allele, or `.`",
    source: "VCF 4.3, section 1.6.1, table 1; EBI vcf-validator",
};
