use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// REF is empty, `.` or symbolic, or an allele begins with I or D as in VCF 3.
pub static INVALID_REFERENCE_ALLELE: Rule = Rule {
    code: "VCF107",
    name: "invalid-reference-allele",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "REF is empty, `.` or symbolic, or an allele begins with I or D as in VCF 3.",
    explanation: "The service fails the job with the approximate line. annostore stores the allele as it is.",
    help: "write the reference bases; convert VCF 3 files to VCF 4",
    source: "VCF 4.2, section 1.4.1 (REF); service: malformed at line",
};
