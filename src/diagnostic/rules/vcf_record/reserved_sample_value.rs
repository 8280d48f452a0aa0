use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A reserved FORMAT key without a definition has a value of another Type or Number than the specification says.
pub static RESERVED_SAMPLE_VALUE: Rule = Rule {
    code: "VCF169",
    name: "reserved-sample-value",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A reserved FORMAT key without a definition has a value of another Type or Number than the specification says.",
    explanation: "Without a definition the table of the specification holds. annostore keeps a value that does not fit its column as text.",
    help: "correct the value, or define the key in the header",
    source: "VCF 4.3, section 1.6.2, table 2; EBI vcf-validator",
};
