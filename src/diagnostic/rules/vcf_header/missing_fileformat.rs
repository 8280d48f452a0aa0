use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The first line is not `##fileformat=VCFv4.x`.
pub static MISSING_FILEFORMAT: Rule = Rule {
    code: "VCF001",
    name: "missing-fileformat",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The first line is not `##fileformat=VCFv4.x`.",
    explanation: "The service needs the version to read anything else, and fails the job. annostore reads the file as VCF 4.2.",
    help: "make `##fileformat=VCFv4.2` (or the version that holds) the very first line",
    source: "VCF 4.2, section 1.2; service: header lacks VCF version",
};
