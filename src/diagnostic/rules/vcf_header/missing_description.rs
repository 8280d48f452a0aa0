use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An INFO, FORMAT, FILTER or ALT line has no Description.
pub static MISSING_DESCRIPTION: Rule = Rule {
    code: "VCF021",
    name: "missing-description",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An INFO, FORMAT, FILTER or ALT line has no Description.",
    explanation: "The Description is required, up to VCF 4.3 also for FILTER and ALT. The service takes it, and so does annostore.",
    help: "add `Description=\"...\"` to the line",
    source: "VCF 4.3, section 1.4",
};
