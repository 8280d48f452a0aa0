use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Two sample columns have the same name.
pub static DUPLICATE_SAMPLE: Rule = Rule {
    code: "VCF009",
    name: "duplicate-sample",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "Two sample columns have the same name.",
    explanation: "The service fails the job. annostore stores the rows of both samples under the one name, so that nothing tells them apart.",
    help: "rename one of the two samples, for example with `bcftools reheader`",
    source: "VCF 4.2, section 1.3: sample names are unique",
};
