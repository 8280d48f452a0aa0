use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A FORMAT key has more or fewer values in a sample than its Number says.
pub static WRONG_SAMPLE_VALUE_COUNT: Rule = Rule {
    code: "VCF167",
    name: "wrong-sample-value-count",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A FORMAT key has more or fewer values in a sample than its Number says.",
    explanation: "For Number=G the count depends on the alleles and on the ploidy of GT. The service stores what stands there, and so does annostore.",
    help: "give the values that the Number asks for, or `.` for none",
    source: "VCF 4.2, section 1.2.2",
};
