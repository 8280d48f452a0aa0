use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value is not one of the words that its member takes.
pub static UNKNOWN_WORD: Rule = Rule {
    code: "REQ005",
    name: "unknown-word",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A value is not one of the words that its member takes.",
    explanation: "Formats, annotation types, roles and column types are words of the API, in capitals: `TSV`, `CHR_POS_REF_ALT`, `POS`, `LONG`. The service answers anything else with a ValidationException.",
    help: "use one of the API's words, in capitals",
    source: "service: API model",
};
