use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The file has `Ontology_term` or `Derives_from`, whose columns stay null in the service.
pub static TAG_IN_INFORMATION: Rule = Rule {
    code: "GFF220",
    name: "tag-in-information",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Note,
    summary: "The file has Ontology_term or Derives_from, whose columns stay null in the service.",
    explanation: "The service looks for columns `ontology_term` and `derives_from` where its table has `ontologyterm` and `derivesfrom`: the values go to `information`, lists as `[a, b]`. annostore stores them in their columns. Said once for a file and tag.",
    help: "ask for `information['ontology_term']` in queries that are to run on the service",
    source: "service: attributes go to columns of the same name",
};
