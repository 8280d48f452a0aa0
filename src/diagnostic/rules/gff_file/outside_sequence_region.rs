use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A feature lies outside of the ##sequence-region of its seqid.
pub static OUTSIDE_SEQUENCE_REGION: Rule = Rule {
    code: "GFF006",
    name: "outside-sequence-region",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A feature lies outside of the ##sequence-region of its seqid.",
    explanation: "All features of a landmark have to lie within its region, unless one of them says that the landmark is circular (`Is_circular=true`): then a feature may run past its end. The service does not look. annostore stores the feature as it is.",
    help: "correct the region or the positions, or mark the landmark as circular",
    source: "GFF3 1.26, Other Syntax: ##sequence-region",
};
