use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A sample's value is not of the Type that the header gives its key.
pub static WRONG_SAMPLE_VALUE_TYPE: Rule = Rule {
    code: "VCF168",
    name: "wrong-sample-value-type",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A sample's value is not of the Type that the header gives its key.",
    explanation: "The service stores the text in `information`, and so does annostore.",
    help: "correct the value, or the Type in the header",
    source: "VCF 4.2, section 1.2.4",
};
