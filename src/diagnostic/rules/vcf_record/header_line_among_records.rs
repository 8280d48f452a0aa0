use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A line that begins with `#` stands among the records.
pub static HEADER_LINE_AMONG_RECORDS: Rule = Rule {
    code: "VCF104",
    name: "header-line-among-records",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A line that begins with `#` stands among the records.",
    explanation: "The service passes over it, and so does annostore. It is often the sign of files that were joined with `cat`, whose headers and samples may differ.",
    help: "join files with `bcftools concat`, or remove the line",
    source: "VCF 4.2, section 1: records follow the header; service: skips such lines",
};
