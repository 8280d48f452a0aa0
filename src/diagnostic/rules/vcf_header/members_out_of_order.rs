use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The members of a definition come in another order than ID, Number, Type, Description.
pub static MEMBERS_OUT_OF_ORDER: Rule = Rule {
    code: "VCF023",
    name: "members-out-of-order",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "The members of a definition come in another order than ID, Number, Type, Description.",
    explanation: "The service's reader expects them in this order before VCF 4.3, and fails the job. annostore reads them in any order.",
    help: "write the members as ID, Number, Type, Description, then the others",
    source: "VCF 4.2, section 1.2.2, by its examples; service: tag in wrong order; EBI vcf-validator",
};
