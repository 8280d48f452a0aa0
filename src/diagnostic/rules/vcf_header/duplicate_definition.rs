use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header defines the same key twice.
pub static DUPLICATE_DEFINITION: Rule = Rule {
    code: "VCF008",
    name: "duplicate-definition",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The header defines the same key twice.",
    explanation: "The first definition holds here. If the two differ, values may be read as something they are not.",
    help: "remove one of the two lines",
    source: "VCF 4.3, section 1.4: IDs are unique within their type",
};
