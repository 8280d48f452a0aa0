use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A header line of any other kind begins with `<` or a quote, but its members or quotes cannot be made out.
pub static MALFORMED_STRUCTURED_LINE: Rule = Rule {
    code: "VCF033",
    name: "malformed-structured-line",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A header line of any other kind begins with `<` or a quote, but its members or quotes cannot be made out.",
    explanation: "Nothing depends on such a line. The service takes it, and so does annostore.",
    help: "write `##key=value`, or `##key=<ID=...,name=value>` with quotes around values that contain commas",
    source: "VCF 4.3, section 1.4; EBI vcf-validator",
};
