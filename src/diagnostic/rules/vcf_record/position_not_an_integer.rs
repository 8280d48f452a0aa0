use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// POS is not a whole number between 0 and 2147483647.
pub static POSITION_NOT_AN_INTEGER: Rule = Rule {
    code: "VCF102",
    name: "position-not-an-integer",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "POS is not a whole number between 0 and 2147483647.",
    explanation: "The service fails the job with the approximate line. annostore rejects the line: a row without a position cannot be found.",
    help: "correct the position; it counts from one (0 is the telomere)",
    source: "VCF 4.3, sections 1.3 (Integer has 32 bits) and 1.6.1 (POS)",
};
