use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: PSL, PSO or PSQ has a value for an allele that is not phased or has no phase set.
pub static PHASE_SET_OF_UNPHASED_ALLELE: Rule = Rule {
    code: "VCF172",
    name: "phase-set-of-unphased-allele",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: PSL, PSO or PSQ has a value for an allele that is not phased or has no phase set.",
    explanation: "An unphased allele belongs to no phase set. The service takes it, and so does annostore.",
    help: "write `.` for the alleles that are not phased",
    source: "VCF 4.4, section 1.6.2 (PSL, PSO, PSQ)",
};
