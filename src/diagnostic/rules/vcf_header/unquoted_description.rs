use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A Description stands without quotes.
pub static UNQUOTED_DESCRIPTION: Rule = Rule {
    code: "VCF022",
    name: "unquoted-description",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A Description stands without quotes.",
    explanation: "Without quotes the next comma ends it, and what follows is read as something else or not at all. The service takes it, and so does annostore.",
    help: "put double quotes around the Description, and a backslash before quotes inside it",
    source: "VCF 4.2, section 1.2.2: the Description is surrounded by double quotes",
};
