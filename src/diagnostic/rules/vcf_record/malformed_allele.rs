use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An allele is empty, or has a colon or a stray bracket.
pub static MALFORMED_ALLELE: Rule = Rule {
    code: "VCF106",
    name: "malformed-allele",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An allele is empty, or has a colon or a stray bracket.",
    explanation: "The service fails the job with the approximate line. annostore stores the allele as it is.",
    help: "write ALT as bases, `*`, a symbolic allele `<ID>`, or a breakend such as `G]17:198982]`; `.` alone where there is none",
    source: "VCF 4.2, sections 1.4.1 (ALT) and 5.4; service: malformed at line",
};
