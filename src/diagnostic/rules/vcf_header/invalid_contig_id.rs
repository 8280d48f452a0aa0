use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The ID of a contig line has white space, a comma or an angle bracket, or from VCF 4.3 on a square bracket.
pub static INVALID_CONTIG_ID: Rule = Rule {
    code: "VCF028",
    name: "invalid-contig-id",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The ID of a contig line has white space, a comma or an angle bracket, or from VCF 4.3 on a square bracket.",
    explanation: "No CHROM can be written so. The service takes it, and so does annostore.",
    help: "use the name that CHROM has",
    source: "VCF 4.3, section 1.4.7",
};
