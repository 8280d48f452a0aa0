use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A Gap is not made of operations.
pub static MALFORMED_GAP: Rule = Rule {
    code: "GFF217",
    name: "malformed-gap",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A Gap is not made of operations.",
    explanation: "The operations are M, I, D, F and R, each followed by a length: `Gap=M8 D3 M6`. Validators do not look at them, so that only the policy `strict` calls it an error. The service stores any text. So does annostore.",
    help: "write each operation as a letter and a length, separated by blanks",
    source: "GFF3 1.26, The Gap Attribute",
};
