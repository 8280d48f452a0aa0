use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The record ends behind the last base of its contig in the reference.
pub static BEYOND_CONTIG: Rule = Rule {
    code: "REF003",
    name: "beyond-contig",
    subject: Subject::Reference,
    effect: Effect::Accepted,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The record ends behind the last base of its contig in the reference.",
    explanation: "The service does not look. An import with left normalization rejects the line, stores it as it is (`--ref-mismatch warn`) or leaves it out (`--ref-mismatch skip`). Other imports store it.",
    help: "make sure that the file and the reference are of one assembly",
    source: "VCF 4.3, section 1.6.1 (POS)",
};
