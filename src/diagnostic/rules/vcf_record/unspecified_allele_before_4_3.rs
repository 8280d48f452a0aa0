use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The allele `<*>` stands in a file of a version before VCF 4.3.
pub static UNSPECIFIED_ALLELE_BEFORE_4_3: Rule = Rule {
    code: "VCF132",
    name: "unspecified-allele-before-4.3",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The allele `<*>` stands in a file of a version before VCF 4.3.",
    explanation: "It was in use before VCF 4.3 described it. The service takes it, and so does annostore.",
    help: "raise the version in the first line to VCFv4.3",
    source: "VCF 4.3, section 5.5; EBI vcf-validator",
};
