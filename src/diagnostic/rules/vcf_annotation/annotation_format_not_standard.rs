use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The Description of VEP's INFO key does not begin as VEP writes it today.
pub static ANNOTATION_FORMAT_NOT_STANDARD: Rule = Rule {
    code: "VCF204",
    name: "annotation-format-not-standard",
    subject: Subject::VcfAnnotation,
    effect: Effect::LosesValue,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The Description of VEP's INFO key does not begin as VEP writes it today.",
    explanation: "The service reads annotations only where the Description begins with `Consequence annotations from Ensembl VEP. Format:`, and leaves annotations.vep null otherwise. annostore reads them wherever the names of the fields follow `Format:`.",
    help: "let the Description begin with `Consequence annotations from Ensembl VEP. Format: `",
    source: "service: the Description has to begin with VEP's own phrase",
};
