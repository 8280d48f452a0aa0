use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The Type of an INFO or FORMAT line is none of Integer, Float, Flag, Character and String.
pub static INVALID_TYPE: Rule = Rule {
    code: "VCF006",
    name: "invalid-type",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The Type of an INFO or FORMAT line is none of Integer, Float, Flag, Character and String.",
    explanation: "The service fails the job. annostore keeps the values as text.",
    help: "use Integer, Float, Flag (INFO only), Character or String",
    source: "VCF 4.2, sections 1.2.2 and 1.2.4; service: invalid Type",
};
