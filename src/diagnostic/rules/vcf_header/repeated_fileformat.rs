use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// There is a second fileformat line.
pub static REPEATED_FILEFORMAT: Rule = Rule {
    code: "VCF040",
    name: "repeated-fileformat",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "There is a second fileformat line.",
    explanation: "The first one holds here. It is often the sign of files that were joined with `cat`.",
    help: "remove the line",
    source: "VCF 4.2, section 1.2: a single fileformat field",
};
