use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The computed end does not fit an INT.
pub static END_OUT_OF_RANGE: Rule = Rule {
    code: "TSV121",
    name: "end-out-of-range",
    subject: Subject::TsvRow,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The computed end does not fit an INT.",
    explanation: "The column `end` that the importer adds is an INT. annostore stores null.",
    help: "check the position",
    source: "service: the added column is an INT",
};
