use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A reserved INFO key without a definition has a value of another Type or Number than the specification says.
pub static RESERVED_INFO_VALUE: Rule = Rule {
    code: "VCF143",
    name: "reserved-info-value",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A reserved INFO key without a definition has a value of another Type or Number than the specification says.",
    explanation: "Without a definition the table of the specification holds. annostore keeps the value as text.",
    help: "correct the value, or define the key in the header",
    source: "VCF 4.3, section 1.6.1, table 1, and section 3; EBI vcf-validator",
};
