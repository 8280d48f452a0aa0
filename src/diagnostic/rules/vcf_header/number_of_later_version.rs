use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The Number of a definition is one that only later versions have.
pub static NUMBER_OF_LATER_VERSION: Rule = Rule {
    code: "VCF039",
    name: "number-of-later-version",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The Number of a definition is one that only later versions have.",
    explanation: "`R` came with VCF 4.2, `P` with 4.4 and `LA`, `LR`, `LG` and `M` with 4.5. annostore reads them all the same.",
    help: "use `.`, or raise the version in the first line",
    source: "VCF 4.1, section 1.2; VCF 4.4, section 1.4.2",
};
