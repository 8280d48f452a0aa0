use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A sample's value is not of the type that its column has.
pub static SAMPLE_VALUE_DOES_NOT_FIT: Rule = Rule {
    code: "VCF119",
    name: "sample-value-does-not-fit",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A sample's value is not of the type that its column has.",
    explanation: "The service fails the job when it meets the value. annostore keeps the text in `information`, under the key in lower case; the typed column is null.",
    help: "correct the value, or write `.`",
    source: "VCF 4.2, section 1.4.2; service: values of the wrong type fail",
};
