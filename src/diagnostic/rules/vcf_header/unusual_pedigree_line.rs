use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A PEDIGREE line is none of the forms that its version describes.
pub static UNUSUAL_PEDIGREE_LINE: Rule = Rule {
    code: "VCF032",
    name: "unusual-pedigree-line",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "A PEDIGREE line is none of the forms that its version describes.",
    explanation: "From VCF 4.3 on it has an ID and then Original, Father and Mother, or names `Name_1`, `Name_2`; before, only names with values. The service takes it, and so does annostore.",
    help: "write it for example as `##PEDIGREE=<ID=Child,Father=A,Mother=B>`, or as `##PEDIGREE=<Name_0=A,Name_1=B>` before VCF 4.3",
    source: "VCF 4.2, section 1.2.8; VCF 4.3, section 1.4.10; EBI vcf-validator",
};
