use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A META line has other members than ID, Number=., Type=String and Values=[...].
pub static UNUSUAL_META_LINE: Rule = Rule {
    code: "VCF030",
    name: "unusual-meta-line",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A META line has other members than ID, Number=., Type=String and Values=[...].",
    explanation: "Only this form is described. The service takes it, and so does annostore.",
    help: "write it as `##META=<ID=...,Number=.,Type=String,Values=[a, b]>`",
    source: "VCF 4.3, section 1.4.8; EBI vcf-validator",
};
