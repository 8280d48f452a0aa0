use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A name, an ARN or a column name is not of the form that the API asks for.
pub static MALFORMED_VALUE: Rule = Rule {
    code: "REQ006",
    name: "malformed-value",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A name, an ARN or a column name is not of the form that the API asks for.",
    explanation: "Names of stores and versions have 3 to 255 lower-case letters, digits and underscores and begin with a letter; names of columns have up to 255 lower-case letters, digits and underscores; ARNs are complete. The service answers anything else with a ValidationException.",
    help: "write it in the form that the message says",
    source: "service: API model",
};
