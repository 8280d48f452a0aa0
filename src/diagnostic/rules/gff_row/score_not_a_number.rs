use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A score is neither a number nor `.`.
pub static SCORE_NOT_A_NUMBER: Rule = Rule {
    code: "GFF103",
    name: "score-not-a-number",
    subject: Subject::GffRow,
    effect: Effect::DropsRow,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A score is neither a number nor `.`.",
    explanation: "The service's reader drops such a row without a word. annostore cannot store it and says so. It takes the spellings that the service takes: `1e-30`, `NaN`, `Infinity`, but not `nan` or `inf`.",
    help: "write the score as a number, or `.` where there is none",
    source: "GFF3 1.26, Column 6; service: rows are read with the mode DROPMALFORMED",
};
