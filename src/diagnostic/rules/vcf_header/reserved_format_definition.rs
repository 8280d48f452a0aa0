use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header defines a reserved FORMAT key with another Type or Number than the specification.
pub static RESERVED_FORMAT_DEFINITION: Rule = Rule {
    code: "VCF035",
    name: "reserved-format-definition",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The header defines a reserved FORMAT key with another Type or Number than the specification.",
    explanation: "Programs that know the key by the specification may read it as something else. The service has typed columns for some of these keys, and so has annostore.",
    help: "define the key as the specification does, or give it another name",
    source: "VCF 4.3, section 1.6.2, table 2, and section 4; EBI vcf-validator",
};
