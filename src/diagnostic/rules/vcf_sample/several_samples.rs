use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A file has several samples, and becomes as many rows for each record.
pub static SEVERAL_SAMPLES: Rule = Rule {
    code: "VCF301",
    name: "several-samples",
    subject: Subject::VcfSample,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Note,
    summary: "A file has several samples, and becomes as many rows for each record.",
    explanation: "A row is one sample of one record, in the service and in annostore: INFO, alleles and annotations are repeated for each sample. A store of annotations that are looked up by position rarely wants that, and `count(*)` counts samples.",
    help: "leave the samples out where only the sites matter, for example with `bcftools view -G`",
    source: "service: a record with genotypes becomes a row per sample",
};
