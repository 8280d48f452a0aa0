use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: a confidence interval has not two values for each ALT allele, or MEINFO or METRANS not four.
pub static WRONG_COUNT_PER_ALLELE: Rule = Rule {
    code: "VCF156",
    name: "wrong-count-per-allele",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: a confidence interval has not two values for each ALT allele, or MEINFO or METRANS not four.",
    explanation: "Since VCF 4.4 these keys have a Number of `.` but their values belong to the alleles in order. The service takes it, and so does annostore.",
    help: "give two values (four for MEINFO and METRANS) for each ALT allele",
    source: "VCF 4.4, section 3 (CIPOS, CIEND, CILEN, CICN, MEINFO, METRANS)",
};
