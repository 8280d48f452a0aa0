use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FORMAT has GT, but not first.
pub static GENOTYPE_NOT_FIRST: Rule = Rule {
    code: "VCF160",
    name: "genotype-not-first",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "FORMAT has GT, but not first.",
    explanation: "The service's reader fails the job. annostore reads GT wherever it stands.",
    help: "put GT first in FORMAT and in the samples",
    source: "VCF 4.2, section 1.4.2 (GT); service: GT at position > 0",
};
