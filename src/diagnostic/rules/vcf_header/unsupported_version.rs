use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The version is one that the service's reader does not know.
pub static UNSUPPORTED_VERSION: Rule = Rule {
    code: "VCF002",
    name: "unsupported-version",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The version is one that the service's reader does not know.",
    explanation: "The service reads VCF 4.0 to 4.3 and fails the job on VCF 4.4 and 4.5. annostore reads them all.",
    help: "convert the file to VCF 4.3, or import it here",
    source: "VCF 4.2, section 1.2; service: unsupported version",
};
