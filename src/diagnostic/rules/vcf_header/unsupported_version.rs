use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification};

/// The version is one that the service's reader does not know.
pub static UNSUPPORTED_VERSION: Rule = Rule {
    code: "VCF002",
    name: "unsupported-version",
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The version is one that the service's reader does not know.",
    explanation: "The service reads VCF 4.0 to 4.3. annostore reads 4.0 to 4.5, and takes a file of any other version as VCF 4.2.",
    help: "convert the file, for example with `bcftools view`, or correct its first line",
    source: "VCF 4.2, section 1.2; service: unsupported version",
};
