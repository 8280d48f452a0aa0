use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// From VCF 4.4 on: a deletion or duplication has no SVCLAIM.
pub static MISSING_SVCLAIM: Rule = Rule {
    code: "VCF153",
    name: "missing-svclaim",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "From VCF 4.4 on: a deletion or duplication has no SVCLAIM.",
    explanation: "SVCLAIM says whether the call rests on abundance (D), on adjacency (J) or on both (DJ). The service takes it, and so does annostore.",
    help: "add SVCLAIM with D, J or DJ for each deletion or duplication",
    source: "VCF 4.4, section 3 (SVCLAIM)",
};
