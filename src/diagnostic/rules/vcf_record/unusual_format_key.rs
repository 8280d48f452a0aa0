use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Before VCF 4.3: a FORMAT key has an underscore or a dot, or begins with a digit.
pub static UNUSUAL_FORMAT_KEY: Rule = Rule {
    code: "VCF163",
    name: "unusual-format-key",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "Before VCF 4.3: a FORMAT key has an underscore or a dot, or begins with a digit.",
    explanation: "VCF 4.1 and 4.2 speak of alphanumeric keys, but keys such as MIN_DP are common. The service takes it, and so does annostore.",
    help: "nothing needs to be done, unless a validator insists",
    source: "VCF 4.2, section 1.4.2; EBI vcf-validator",
};
