use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A sample's value for a key without a definition is not of the type that its column has.
pub static UNDEFINED_SAMPLE_VALUE_DOES_NOT_FIT: Rule = Rule {
    code: "VCF170",
    name: "undefined-sample-value-does-not-fit",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A sample's value for a key without a definition is not of the type that its column has.",
    explanation: "The service fails the job when it meets the value. annostore keeps the text in `information`, under the key in lower case; the typed column is null. The header does not say what the value should be, so that the specification is not broken.",
    help: "correct the value, or write `.`",
    source: "service: values of the wrong type fail",
};
