use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// An INFO key has more or fewer values than its Number says.
pub static WRONG_VALUE_COUNT: Rule = Rule {
    code: "VCF140",
    name: "wrong-value-count",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "An INFO key has more or fewer values than its Number says.",
    explanation: "A value for each allele belongs to the allele at its place: with one too few nobody can tell which. The service stores the text as it is; annostore keeps a list whole, and a text of several values as one.",
    help: "give one value for each allele (`.` where there is none), or correct the Number in the header",
    source: "VCF 4.2, section 1.2.2",
};
