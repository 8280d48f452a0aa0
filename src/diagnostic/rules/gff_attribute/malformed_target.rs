use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A Target is not an id, a start, an end, and perhaps a strand.
pub static MALFORMED_TARGET: Rule = Rule {
    code: "GFF216",
    name: "malformed-target",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A Target is not an id, a start, an end, and perhaps a strand.",
    explanation: "The form is `Target=target_id start end [strand]`, with blanks between, positions that count from one, and blanks within the id written as %20. The service stores any text. So does annostore.",
    help: "write `Target=EST23 1 21`",
    source: "GFF3 1.26, Column 9: Target",
};
