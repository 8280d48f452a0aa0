use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The first line does not give the version of the format.
pub static MISSING_VERSION: Rule = Rule {
    code: "GFF001",
    name: "missing-version",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The first line does not give the version of the format.",
    explanation: "The specification wants `##gff-version 3` as the very first line, and many programs refuse a file without it. To the service it is a comment like any other. annostore reads the file as GFF3 either way.",
    help: "put the line `##gff-version 3` at the top of the file",
    source: "GFF3 1.26, Other Syntax: ##gff-version",
};
