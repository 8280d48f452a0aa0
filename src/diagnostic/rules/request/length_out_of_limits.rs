use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A text, a list or a map is shorter or longer than the API allows.
pub static LENGTH_OUT_OF_LIMITS: Rule = Rule {
    code: "REQ004",
    name: "length-out-of-limits",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A text, a list or a map is shorter or longer than the API allows.",
    explanation: "The service answers with a ValidationException. The limit that surprises most: `quote`, `escape` and `comment` have exactly one character, so that none of them can be switched off with an empty text.",
    help: "give as many characters or entries as the message says, or leave the member out",
    source: "service: API model",
};
