use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An INFO value is not of its declared Type, or is a list where the header says one value.
pub static VALUE_DOES_NOT_FIT: Rule = Rule {
    code: "VCF114",
    name: "value-does-not-fit",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An INFO value is not of its declared Type, or is a list where the header says one value.",
    explanation: "The service fails the job when it meets the value. annostore keeps the text in `info_other`, so that `attributes['KEY']` has it; the typed column is null.",
    help: "correct the value, or the Type or Number in the header",
    source: "VCF 4.2, section 1.2.2; service: values of the wrong type fail",
};
