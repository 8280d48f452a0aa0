use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: the fields of a tandem repeat contradict each other.
pub static TANDEM_REPEAT_FIELDS: Rule = Rule {
    code: "VCF155",
    name: "tandem-repeat-fields",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: the fields of a tandem repeat contradict each other.",
    explanation: "`<CNV:TR>` needs RUS or RUL. RUS, RUL, RUC and RB have as many values as RN adds up to (1 for each `<CNV:TR>` without it), CIRUC and CIRB two for each, and RUB as many as RUC adds up to. RUL is the length of RUS. The service takes it, and so does annostore.",
    help: "correct the field that the finding names",
    source: "VCF 4.4, section 3 (RN, RUS, RUL, RUC, RB, RUB)",
};
