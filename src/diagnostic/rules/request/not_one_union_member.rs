use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A union has no member, or several.
pub static NOT_ONE_UNION_MEMBER: Rule = Rule {
    code: "REQ009",
    name: "not-one-union-member",
    subject: Subject::Request,
    effect: Effect::RefusesRequest,
    outcome: Outcome::Rejected,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "A union has no member, or several.",
    explanation: "`reference`, `storeOptions`, `versionOptions` and `formatOptions` are unions: each has exactly one member, since a store has one format.",
    help: "keep the member of the store's format, or leave the union out",
    source: "service: API model",
};
