use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An entry of VEP's or `SnpEff`'s annotations has more or fewer fields than the header names.
pub static ANNOTATION_FIELD_COUNT: Rule = Rule {
    code: "VCF207",
    name: "annotation-field-count",
    subject: Subject::VcfAnnotation,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "An entry of VEP's or SnpEff's annotations has more or fewer fields than the header names.",
    explanation: "The service empties the whole annotations.vep of the record, without a word. annostore leaves out that entry alone, since its fields cannot be told apart; the whole text is among the attributes. A comma within a field makes two such entries of one.",
    help: "annotate the file again, or correct the entry; commas within fields have to be written otherwise (VEP writes &)",
    source: "service: any entry with another count of fields empties the value",
};
