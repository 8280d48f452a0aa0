use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A value of Type Character has more than one character.
pub static SEVERAL_CHARACTERS: Rule = Rule {
    code: "VCF141",
    name: "several-characters",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A value of Type Character has more than one character.",
    explanation: "The service stores the text, and so does annostore.",
    help: "write one character, or define the key with Type String",
    source: "VCF 4.2, section 1.2.2",
};
