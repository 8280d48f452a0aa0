use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The records of a contig do not stand together.
pub static CONTIG_SPLIT: Rule = Rule {
    code: "VCF181",
    name: "contig-split",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The records of a contig do not stand together.",
    explanation: "All records of a contig form one block. The service takes any order. annostore sorts what it stores.",
    help: "sort the file, for example with `bcftools sort`",
    source: "VCF 4.2, section 1.4.1 (CHROM)",
};
