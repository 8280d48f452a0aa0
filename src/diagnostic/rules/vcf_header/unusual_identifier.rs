use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The ID of a definition has a character beside letters, digits, `.`, `_`, `-` and `+`, or that of a contig one that some versions do not have.
pub static UNUSUAL_IDENTIFIER: Rule = Rule {
    code: "VCF025",
    name: "unusual-identifier",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The ID of a definition has a character beside letters, digits, `.`, `_`, `-` and `+`, or that of a contig one that some versions do not have.",
    explanation: "Programs that know such an ID only from its line may cut it at that character. The service takes it, and so does annostore.",
    help: "use letters, digits, dots, underscores and hyphens, at least one of them a letter or digit",
    source: "VCF 4.3, sections 1.4.7 and 1.6.1 (INFO keys); EBI vcf-validator",
};
