use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// CHROM names a contig that the reference does not have.
pub static CONTIG_NOT_IN_REFERENCE: Rule = Rule {
    code: "REF001",
    name: "contig-not-in-reference",
    subject: Subject::Reference,
    effect: Effect::Accepted,
    outcome: Outcome::Rejected,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "CHROM names a contig that the reference does not have.",
    explanation: "The service does not look at the reference unless it normalizes; then the job fails with a message that names nothing. An import with left normalization rejects the line, stores it as it is (`--ref-mismatch warn`) or leaves it out (`--ref-mismatch skip`). Other imports store it. Often the same contig has another name in the reference, such as `1` for `chr1`.",
    help: "name the contigs as the reference does (`bcftools annotate --rename-chrs`), or use the reference that the file was made with",
    source: "bcftools norm: the sequence is not found; service: Glow's normalizer raises",
};
