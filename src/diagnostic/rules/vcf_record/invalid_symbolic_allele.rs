use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A symbolic allele has white space or an angle bracket inside, or no bracket at one end.
pub static INVALID_SYMBOLIC_ALLELE: Rule = Rule {
    code: "VCF130",
    name: "invalid-symbolic-allele",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A symbolic allele has white space or an angle bracket inside, or no bracket at one end.",
    explanation: "The service takes anything that begins with `<` or ends with `>` as symbolic. annostore stores the allele as it is.",
    help: "write `<ID>` with an ID without white space, commas and angle brackets",
    source: "VCF 4.2, section 1.4.1 (ALT)",
};
