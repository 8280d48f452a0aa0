use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A sample contains a blank.
pub static BLANK_IN_SAMPLE: Rule = Rule {
    code: "VCF175",
    name: "blank-in-sample",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A sample contains a blank.",
    explanation: "Values of samples have no white space. The service stores what stands there, and so does annostore.",
    help: "replace the blank, or separate columns by tabs if one was meant",
    source: "VCF 4.2, section 1.4.2; EBI vcf-validator",
};
