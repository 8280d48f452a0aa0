use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The service puts the amino acids where the codons belong.
pub static ANNOTATION_CODONS_REPLACED: Rule = Rule {
    code: "VCF206",
    name: "annotation-codons-replaced",
    subject: Subject::VcfAnnotation,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The service puts the amino acids where the codons belong.",
    explanation: "The published importer fills annotations.vep.codons from VEP's field Amino_acids. In annostore `codons` has the codons; a query that relied on the other gets the same from `amino_acids`. The attributes are right in both.",
    help: "in the service, take codons out of attributes['CSQ']",
    source: "service: the published importer reads codons from Amino_acids",
};
