use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A reserved INFO or FORMAT key that counts something, and has no definition, is negative.
pub static NEGATIVE_COUNT: Rule = Rule {
    code: "VCF144",
    name: "negative-count",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A reserved INFO or FORMAT key that counts something, and has no definition, is negative.",
    explanation: "The service stores the text, and so does annostore.",
    help: "correct the value",
    source: "VCF 4.3, section 1.6.1, table 1; EBI vcf-validator",
};
