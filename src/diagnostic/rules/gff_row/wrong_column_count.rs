use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row does not have nine columns.
pub static WRONG_COLUMN_COUNT: Rule = Rule {
    code: "GFF101",
    name: "wrong-column-count",
    subject: Subject::GffRow,
    effect: Effect::DropsRow,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A row does not have nine columns.",
    explanation: "The service's reader drops such a row without a word: the job completes, with the row missing. annostore cannot store it and says so; `import --on-error skip` stores the others.",
    help: "separate nine columns by tabs, with a `.` for each that has no value",
    source: "GFF3 1.26, Description of the Format; service: rows are read with the mode DROPMALFORMED",
};
