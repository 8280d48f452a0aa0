use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// CHROM, ID, FILTER or INFO is empty, or INFO has an empty entry.
pub static EMPTY_FIELD: Rule = Rule {
    code: "VCF110",
    name: "empty-field",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "CHROM, ID, FILTER or INFO is empty, or INFO has an empty entry.",
    explanation: "An absent value is written `.`; the service fails the job on an empty ID or INFO. annostore takes an empty field as absent.",
    help: "write `.` where there is no value, and no semicolon at the end of INFO",
    source: "VCF 4.2, section 1.4; service: malformed at line",
};
