use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: GT ends with `/` or `|`.
pub static GENOTYPE_ENDS_WITH_SEPARATOR: Rule = Rule {
    code: "VCF166",
    name: "genotype-ends-with-separator",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: GT ends with `/` or `|`.",
    explanation: "The service's reader fails the job. annostore leaves `calls` null and keeps the text in `information['gt']`. Validators take it.",
    help: "remove the separator at the end",
    source: "VCF 4.4, section 1.6.2 (GT); EBI vcf-validator takes it",
};
