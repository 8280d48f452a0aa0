use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// FILTER has PASS beside other filters.
pub static PASS_AMONG_FILTERS: Rule = Rule {
    code: "VCF128",
    name: "pass-among-filters",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "FILTER has PASS beside other filters.",
    explanation: "PASS says that the record failed no filter, the others that it did: whoever asks for `filters[1] = 'PASS'` and for a filter finds the same record. The service takes it, and so does annostore.",
    help: "write PASS alone, or the filters that the record failed",
    source: "VCF 4.2, section 1.4.1 (FILTER)",
};
