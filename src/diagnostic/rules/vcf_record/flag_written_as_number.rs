use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An INFO flag has the value 0 or 1.
pub static FLAG_WRITTEN_AS_NUMBER: Rule = Rule {
    code: "VCF142",
    name: "flag-written-as-number",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "An INFO flag has the value 0 or 1.",
    explanation: "A flag has no value, but 0 and 1 are common. The service drops a flag that is written `KEY=0`, and stores `1` as text. annostore keeps the text in `info_other`; the typed column is null.",
    help: "write the key alone where it holds, and leave it out where it does not",
    source: "VCF 4.2, section 1.4.1 (INFO); service: `KEY=0` is dropped",
};
