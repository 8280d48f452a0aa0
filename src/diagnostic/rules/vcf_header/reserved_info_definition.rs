use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header defines a reserved INFO key with another Type or Number than the specification.
pub static RESERVED_INFO_DEFINITION: Rule = Rule {
    code: "VCF034",
    name: "reserved-info-definition",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The header defines a reserved INFO key with another Type or Number than the specification.",
    explanation: "Programs that know the key by the specification may read it as something else. annostore goes by the header.",
    help: "define the key as the specification does, or give it another name",
    source: "VCF 4.3, section 1.6.1, table 1, and section 3; EBI vcf-validator",
};
