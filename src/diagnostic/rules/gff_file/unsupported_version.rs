use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The file says that it is of another version than GFF3.
pub static UNSUPPORTED_VERSION: Rule = Rule {
    code: "GFF002",
    name: "unsupported-gff-version",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The file says that it is of another version than GFF3.",
    explanation: "GFF2 and GTF have the same first eight columns, but other attributes (`tag \"value\"`). The service does not look at the version and reads any file as GFF3; so does annostore, and each row with such attributes is reported (GFF210). A version is 3, 3.x or 3.x.y.",
    help: "convert the file to GFF3, for example with AGAT or gffread, or correct the version",
    source: "GFF3 1.26, Other Syntax: ##gff-version",
};
