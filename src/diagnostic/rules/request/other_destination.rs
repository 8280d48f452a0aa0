use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The request names another store or version than the command.
pub static OTHER_DESTINATION: Rule = Rule {
    code: "REQ010",
    name: "other-destination",
    subject: Subject::Request,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The request names another store or version than the command.",
    explanation: "`--store` and `--version` decide where annostore looks and imports; the service would go by the request. A file that fits the one may fail in the other.",
    help: "name the same store in both places",
    source: "annostore",
};
