use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A tag is that of the specification but for case or underscores.
pub static SIMILAR_TAG: Rule = Rule {
    code: "GFF209",
    name: "similar-tag",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "A tag is that of the specification but for case or underscores.",
    explanation: "Case counts in tags: `parent` is not `Parent`. The service looks neither at case nor at underscores and treats the two alike; where the spelling differs by an underscore, the value ends in `information` there as a list in brackets. annostore goes by the specification and stores the tag in `information`, in the spelling of the file.",
    help: "write the tag as the specification does, or rename it",
    source: "GFF3 1.26, Column 9: attribute names are case sensitive",
};
