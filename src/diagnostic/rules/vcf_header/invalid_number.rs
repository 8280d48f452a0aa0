use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The Number of an INFO or FORMAT line is neither a count nor one of the letters that stand for one.
pub static INVALID_NUMBER: Rule = Rule {
    code: "VCF007",
    name: "invalid-number",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The Number of an INFO or FORMAT line is neither a count nor one of the letters that stand for one.",
    explanation: "The service fails the job. annostore takes the values as a list of any length.",
    help: "use a whole number, or A, R, G or `.`",
    source: "VCF 4.2, section 1.2.2; service: invalid count",
};
