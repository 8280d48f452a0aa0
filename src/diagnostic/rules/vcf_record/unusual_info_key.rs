use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Before VCF 4.3: an INFO key is not a letter or underscore followed by letters, digits, underscores and dots.
pub static UNUSUAL_INFO_KEY: Rule = Rule {
    code: "VCF138",
    name: "unusual-info-key",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "Before VCF 4.3: an INFO key is not a letter or underscore followed by letters, digits, underscores and dots.",
    explanation: "VCF 4.3 does not allow it any more. The service takes it, and so does annostore.",
    help: "rename the key, here and in the header",
    source: "VCF 4.3, section 1.6.1 (INFO); EBI vcf-validator",
};
