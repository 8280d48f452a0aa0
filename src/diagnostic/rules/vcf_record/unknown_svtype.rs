use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO SVTYPE is none of DEL, INS, DUP, INV, CNV and BND.
pub static UNKNOWN_SVTYPE: Rule = Rule {
    code: "VCF148",
    name: "unknown-svtype",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "INFO SVTYPE is none of DEL, INS, DUP, INV, CNV and BND.",
    explanation: "The service stores the text, and so does annostore.",
    help: "use one of the six types",
    source: "VCF 4.3, section 3 (SVTYPE); EBI vcf-validator",
};
