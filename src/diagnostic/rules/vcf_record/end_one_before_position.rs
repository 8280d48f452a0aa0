use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// INFO END is the position before POS.
pub static END_ONE_BEFORE_POSITION: Rule = Rule {
    code: "VCF150",
    name: "end-one-before-position",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::StoredChanged,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "INFO END is the position before POS.",
    explanation: "It stands for a region of no length, as programs write it for insertions. The service fails the job. annostore takes the end of REF as the row's end.",
    help: "write END = POS + length of REF - 1",
    source: "hts-specs and EBI take it; service: malformed at line",
};
