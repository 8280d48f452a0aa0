use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: FORMAT has CICN, but not CN.
pub static INTERVAL_WITHOUT_COPY_NUMBER: Rule = Rule {
    code: "VCF173",
    name: "interval-without-copy-number",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: FORMAT has CICN, but not CN.",
    explanation: "CICN is the confidence interval of CN. The service takes it, and so does annostore.",
    help: "add CN, or remove CICN",
    source: "VCF 4.4, section 4 (CICN)",
};
