use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// annotationFields names an INFO key that the header does not define.
pub static ANNOTATION_FIELD_ABSENT: Rule = Rule {
    code: "VCF202",
    name: "annotation-field-absent",
    subject: Subject::VcfAnnotation,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "annotationFields names an INFO key that the header does not define.",
    explanation: "The service leaves `annotations` null then, and so does annostore.",
    help: "name the INFO key that has the annotations, or leave annotationFields out",
    source: "service: without the header line annotations.vep is null",
};
