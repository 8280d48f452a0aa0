use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// GT cannot be read, or names an allele that the record does not have.
pub static INVALID_GENOTYPE: Rule = Rule {
    code: "VCF112",
    name: "invalid-genotype",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "GT cannot be read, or names an allele that the record does not have.",
    explanation: "The service fails the job with the approximate line. annostore leaves `calls` null and keeps the text in `information['gt']`.",
    help: "correct the genotype: allele numbers from 0 to the number of ALT alleles, or `.`, separated by / or |",
    source: "VCF 4.2, section 1.4.2 (GT); service: malformed at line",
};
