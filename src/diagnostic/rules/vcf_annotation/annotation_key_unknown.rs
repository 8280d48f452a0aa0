use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// annotationFields has a key that means nothing.
pub static ANNOTATION_KEY_UNKNOWN: Rule = Rule {
    code: "VCF201",
    name: "annotation-key-unknown",
    subject: Subject::VcfAnnotation,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "annotationFields has a key that means nothing.",
    explanation: "The service reads the annotations of VEP alone and takes any other key without a word. annostore knows VEP and ANN (SnpEff's ANN or EFF); other keys have no effect here either.",
    help: "leave the key out, or use VEP or ANN",
    source: "service: only the key VEP of annotationFields has an effect",
};
