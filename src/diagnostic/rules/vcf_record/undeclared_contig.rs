use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// CHROM names a contig that the header does not define, although it defines others.
pub static UNDECLARED_CONTIG: Rule = Rule {
    code: "VCF122",
    name: "undeclared-contig",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Note,
    summary: "CHROM names a contig that the header does not define, although it defines others.",
    explanation: "Contig lines are optional. A name that has none is often one of another reference, as `1` and `chr1`. The service takes it, and so does annostore.",
    help: "add a contig line, for example with `bcftools reheader --fai`",
    source: "VCF 4.2, section 1.2.7",
};
