use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.3 on: INFO contains a blank.
pub static BLANK_IN_INFO_SINCE_4_3: Rule = Rule {
    code: "VCF139",
    name: "blank-in-info-since-4.3",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "From VCF 4.3 on: INFO contains a blank.",
    explanation: "The specification allows it since VCF 4.3, but the service fails the job whatever the version. annostore keeps the value.",
    help: "replace blanks by underscores or by %20",
    source: "VCF 4.3, section 1.2; service: malformed at line",
};
