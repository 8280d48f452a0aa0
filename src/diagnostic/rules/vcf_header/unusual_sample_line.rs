use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Before VCF 4.3, a SAMPLE line does not have ID, Genomes, Mixture and Description as described.
pub static UNUSUAL_SAMPLE_LINE: Rule = Rule {
    code: "VCF031",
    name: "unusual-sample-line",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "Before VCF 4.3, a SAMPLE line does not have ID, Genomes, Mixture and Description as described.",
    explanation: "Only this form is described; Genomes and Mixture stand without quotes. The service takes it, and so does annostore.",
    help: "write it as `##SAMPLE=<ID=...,Genomes=...,Mixture=...,Description=\"...\">`",
    source: "VCF 4.2, section 1.2.8; EBI vcf-validator",
};
