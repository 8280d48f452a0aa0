use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A record lies before the one above it on the same contig.
pub static POSITION_OUT_OF_ORDER: Rule = Rule {
    code: "VCF180",
    name: "position-out-of-order",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A record lies before the one above it on the same contig.",
    explanation: "Positions should increase, and programs such as tabix need it. The service takes any order. annostore sorts what it stores.",
    help: "sort the file, for example with `bcftools sort`",
    source: "VCF 4.2, section 1.4.1 (POS); the files of hts-specs themselves are not all sorted",
};
