use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Two alleles of a record are the same.
pub static DUPLICATE_ALLELE: Rule = Rule {
    code: "VCF133",
    name: "duplicate-allele",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "Two alleles of a record are the same.",
    explanation: "The service's reader refuses two equal alleles, in whatever case, and fails the job. annostore stores them.",
    help: "remove the allele, or write `.` in ALT where there is no other than REF",
    source: "service: duplicate allele; EBI vcf-validator",
};
