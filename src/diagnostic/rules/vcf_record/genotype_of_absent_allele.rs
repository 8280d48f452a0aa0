use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// GT names allele 1, but ALT is `.`.
pub static GENOTYPE_OF_ABSENT_ALLELE: Rule = Rule {
    code: "VCF174",
    name: "genotype-of-absent-allele",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "GT names allele 1, but ALT is `.`.",
    explanation: "The service's reader fails the job. annostore leaves `calls` null and keeps the text in `information['gt']`. Example files of the specification have it.",
    help: "write the ALT allele, or 0 in GT",
    source: "VCF 4.2, section 1.4.2 (GT); hts-specs, passed_body_alt.vcf; service: malformed at line",
};
