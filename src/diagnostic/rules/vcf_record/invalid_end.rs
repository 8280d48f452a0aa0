use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO END is not a whole number, or lies before POS.
pub static INVALID_END: Rule = Rule {
    code: "VCF111",
    name: "invalid-end",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "INFO END is not a whole number, or lies before POS.",
    explanation: "The service fails the job. (The position just before POS is a rule of its own.) annostore takes the end of REF as the row's end, and keeps the text of END in `info_other` where it is no number.",
    help: "correct END: the last base of the variant, counted from one",
    source: "VCF 4.2, section 3 (END); service: malformed at line",
};
