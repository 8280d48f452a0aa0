use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO contains a blank.
pub static BLANK_IN_INFO: Rule = Rule {
    code: "VCF109",
    name: "blank-in-info",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "INFO contains a blank.",
    explanation: "Up to VCF 4.2 INFO may not contain white space, and the service fails the job whatever the version. annostore keeps the value.",
    help: "replace blanks by underscores, or by %20 in VCF 4.3 and later",
    source: "VCF 4.2, section 1.4.1 (INFO); service: malformed at line",
};
