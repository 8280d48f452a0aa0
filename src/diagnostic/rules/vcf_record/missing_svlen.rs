use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: a structural variant has no SVLEN.
pub static MISSING_SVLEN: Rule = Rule {
    code: "VCF152",
    name: "missing-svlen",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: a structural variant has no SVLEN.",
    explanation: "Since VCF 4.4 SVLEN, not END, says how long it is. The service takes it, and so does annostore.",
    help: "add SVLEN with a value for each ALT allele",
    source: "VCF 4.4, section 3 (SVLEN)",
};
