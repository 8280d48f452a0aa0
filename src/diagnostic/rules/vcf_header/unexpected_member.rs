use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A definition has a member that its kind does not have, or one whose value lacks its quotes.
pub static UNEXPECTED_MEMBER: Rule = Rule {
    code: "VCF024",
    name: "unexpected-member",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A definition has a member that its kind does not have, or one whose value lacks its quotes.",
    explanation: "VCF 4.1 knows no members but the required ones; later versions let others follow the Description, within quotes. The service takes it, and so does annostore.",
    help: "leave the member out, or put it behind the Description with quotes around its value",
    source: "VCF 4.2, section 1.2; EBI vcf-validator",
};
