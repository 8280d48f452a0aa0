use crate::diagnostic::{Effect, Outcome, Rule, Severity};

/// The computed end does not fit an INT.
pub static END_OUT_OF_RANGE: Rule = Rule {
    code: "TSV121",
    name: "end-out-of-range",
    severity: Severity::Error,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    summary: "The computed end does not fit an INT.",
    explanation: "The column `end` that the importer adds is an INT. annostore stores null.",
    help: "check the position",
    source: "service: the added column is an INT",
};
