use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The INFO key that annotationFields names does not say which fields its entries have.
pub static ANNOTATION_FIELDS_NOT_NAMED: Rule = Rule {
    code: "VCF205",
    name: "annotation-fields-not-named",
    subject: Subject::VcfAnnotation,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The INFO key that annotationFields names does not say which fields its entries have.",
    explanation: "VEP names them after `Format:`, SnpEff in quotes. Without the names neither the service nor annostore can take the entries apart: `annotations` is null, and the text is among the attributes.",
    help: "name the key that VEP or SnpEff wrote, with the Description that it wrote",
    source: "service: without the fields annotations.vep is null",
};
