use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The first part of an ALT ID with a colon is none of DEL, INS, DUP, INV, CNV (and BND up to VCF 4.3).
pub static UNKNOWN_ALT_TYPE: Rule = Rule {
    code: "VCF027",
    name: "unknown-alt-type",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The first part of an ALT ID with a colon is none of DEL, INS, DUP, INV, CNV (and BND up to VCF 4.3).",
    explanation: "What stands before the colon is the type of structural variant, what follows refines it. The service takes it, and so does annostore.",
    help: "begin the ID with the type, or write it without a colon",
    source: "VCF 4.3, section 1.4.5; EBI vcf-validator",
};
