use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An INFO key that is no flag has no value.
pub static MISSING_INFO_VALUE: Rule = Rule {
    code: "VCF115",
    name: "missing-info-value",
    subject: Subject::VcfRecord,
    effect: Effect::LosesValue,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An INFO key that is no flag has no value.",
    explanation: "The service stores `.` for a bare key and for `KEY=`. annostore keeps the key in `info_other`: as `.` where it stands bare, as the empty string after `KEY=`.",
    help: "write the value, or define the key as `Number=0,Type=Flag`",
    source: "VCF 4.2, section 1.4.1 (INFO); service: becomes `.`",
};
