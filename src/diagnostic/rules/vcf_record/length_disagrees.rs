use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Before VCF 4.4: INFO SVLEN is not the difference of the lengths of ALT and REF, or has the wrong sign.
pub static LENGTH_DISAGREES: Rule = Rule {
    code: "VCF149",
    name: "length-disagrees",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "Before VCF 4.4: INFO SVLEN is not the difference of the lengths of ALT and REF, or has the wrong sign.",
    explanation: "Insertions and duplications are positive, deletions negative. The service stores the text; annostore stores the number.",
    help: "correct SVLEN: length of ALT minus length of REF",
    source: "VCF 4.3, section 3 (SVLEN); EBI vcf-validator",
};
