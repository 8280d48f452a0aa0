use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO has a key that the header does not define.
pub static UNDECLARED_INFO_KEY: Rule = Rule {
    code: "VCF108",
    name: "undeclared-info-key",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "INFO has a key that the header does not define.",
    explanation: "The service fails the job. annostore keeps the value as text in `info_other`, where `attributes['KEY']` finds it.",
    help: "add an INFO line for the key to the header, for example with `bcftools annotate --header-lines`",
    source: "VCF 4.2, section 1.4.1 (INFO); service: key not defined in header",
};
