use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An allele has letters other than A, C, G, T and N.
pub static UNUSUAL_ALLELE: Rule = Rule {
    code: "TSV118",
    name: "unusual-allele",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "An allele has letters other than A, C, G, T and N.",
    explanation: "The service takes any text for an allele. Alleles such as `-`, `.` or `0`, which some tools write for insertions and deletions, never equal those of a VCF file. annostore stores it as it is.",
    help: "write alleles as in VCF, with the base before the change",
    source: "service: alleles are not checked; VCF 4.3, section 1.6.1",
};
