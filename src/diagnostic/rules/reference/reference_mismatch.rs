use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// REF is not what the reference has at POS.
pub static REFERENCE_MISMATCH: Rule = Rule {
    code: "REF002",
    name: "reference-mismatch",
    subject: Subject::Reference,
    effect: Effect::Accepted,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "REF is not what the reference has at POS.",
    explanation: "The service never compares REF with the reference, so that a file of another assembly is imported, and normalized to nonsense, without a word. An import with left normalization rejects the line, stores it as it is (`--ref-mismatch warn`) or leaves it out (`--ref-mismatch skip`). Other imports store it. Upper and lower case are the same, and all letters but A, C, G and T count as N.",
    help: "make sure that the file and the reference are of one assembly; `bcftools norm --check-ref s` mends alleles that are swapped",
    source: "VCF 4.3, section 1.6.1 (REF); bcftools norm --check-ref",
};
