use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A header line cannot be read, or an INFO, FORMAT, FILTER, ALT or contig line has no ID.
pub static MALFORMED_DEFINITION: Rule = Rule {
    code: "VCF005",
    name: "malformed-definition",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A header line cannot be read, or an INFO, FORMAT, FILTER, ALT or contig line has no ID.",
    explanation: "The service fails the job on such a line. annostore leaves the line out: INFO values of a key that has no readable definition are kept as text in `info_other`.",
    help: "write the line as `##INFO=<ID=...,Number=...,Type=...,Description=\"...\">`, with quotes around the description and a backslash before quotes inside it",
    source: "VCF 4.2, section 1.2; service: header malformed, null field",
};
