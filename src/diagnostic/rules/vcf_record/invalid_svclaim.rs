use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: SVCLAIM has a value that the allele cannot have.
pub static INVALID_SVCLAIM: Rule = Rule {
    code: "VCF154",
    name: "invalid-svclaim",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: SVCLAIM has a value that the allele cannot have.",
    explanation: "DEL and DUP have D, J or DJ, CNV has D, and INS, INV and breakends have J. The service takes it, and so does annostore.",
    help: "correct SVCLAIM, or write `.` for alleles without a claim",
    source: "VCF 4.4, section 3 (SVCLAIM)",
};
