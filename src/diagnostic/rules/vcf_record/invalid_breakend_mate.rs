use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The mate of a breakend is not `contig:position`.
pub static INVALID_BREAKEND_MATE: Rule = Rule {
    code: "VCF134",
    name: "invalid-breakend-mate",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The mate of a breakend is not `contig:position`.",
    explanation: "The service takes the allele as it stands, and so does annostore.",
    help: "write the mate between the brackets as `chr1:1000` or `<contig>:1000`",
    source: "VCF 4.2, section 5.4",
};
