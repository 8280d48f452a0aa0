use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The value of an assembly or pedigreeDB line is no URL.
pub static NOT_A_URL: Rule = Rule {
    code: "VCF029",
    name: "not-a-url",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The value of an assembly or pedigreeDB line is no URL.",
    explanation: "The specification asks for a URL there. The service takes it, and so does annostore.",
    help: "give the URL with its scheme, for example `##assembly=ftp://host/file.fa`",
    source: "VCF 4.2, sections 1.2.6 and 1.2.8",
};
