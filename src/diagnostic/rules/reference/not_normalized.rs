use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The record is not left-aligned, or its alleles have bases that all of them share.
pub static NOT_NORMALIZED: Rule = Rule {
    code: "REF004",
    name: "not-normalized",
    subject: Subject::Reference,
    effect: Effect::Accepted,
    outcome: Outcome::StoredChanged,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The record is not left-aligned, or its alleles have bases that all of them share.",
    explanation: "The same variant written in two ways does not match in a join. The service stores the record as it is unless the job has `runLeftNormalization`. `import --left-normalize` stores it in the form that the message tells; other imports store it as it is.",
    help: "import with `--left-normalize`, or normalize the file with `bcftools norm -f`",
    source: "Tan, Abecasis and Kang 2015, doi 10.1093/bioinformatics/btv112",
};
