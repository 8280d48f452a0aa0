use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An allele has letters other than A, C, G, T and N.
pub static UNKNOWN_BASE: Rule = Rule {
    code: "VCF105",
    name: "unknown-base",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An allele has letters other than A, C, G, T and N.",
    explanation: "The service takes no IUPAC codes, gaps or other characters in an allele, and fails the job with the approximate line. annostore stores the allele as it is.",
    help: "write the bases with A, C, G, T and N, or use a symbolic allele such as `<DEL>`",
    source: "VCF 4.2, section 1.4.1 (REF, ALT); service: unparsable allele",
};
