use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A variant stands further up already.
pub static DUPLICATE_RECORD: Rule = Rule {
    code: "VCF182",
    name: "duplicate-record",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A variant stands further up already.",
    explanation: "Alleles are compared without the bases that REF and ALT share, so that the same change counts however it is written. A query that joins on position and alleles finds both. The service stores both, and so does annostore.",
    help: "remove one of the two, for example with `bcftools norm -d`",
    source: "EBI vcf-validator: duplicated variant",
};
