use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// CHROM has white space, a comma or stray angle brackets, or from VCF 4.3 on a square bracket.
pub static INVALID_CONTIG_NAME: Rule = Rule {
    code: "VCF120",
    name: "invalid-contig-name",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "CHROM has white space, a comma or stray angle brackets, or from VCF 4.3 on a square bracket.",
    explanation: "The name must be one word; angle brackets may only enclose it whole, and then it names a contig of the assembly file. The service takes it, and so does annostore.",
    help: "write the name that the contig has in the reference",
    source: "VCF 4.2, section 1.4.1 (CHROM); VCF 4.3, section 1.4.7",
};
