use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FILTER has an element that the header does not define.
pub static UNDECLARED_FILTER: Rule = Rule {
    code: "VCF129",
    name: "undeclared-filter",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Note,
    summary: "FILTER has an element that the header does not define.",
    explanation: "FILTER lines are optional. The service takes it, and so does annostore.",
    help: "add a FILTER line for it to the header",
    source: "VCF 4.2, section 1.2.3",
};
