use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A Dbxref or `Ontology_term` does not name its database.
pub static REFERENCE_WITHOUT_DATABASE: Rule = Rule {
    code: "GFF219",
    name: "reference-without-database",
    subject: Subject::GffAttribute,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A Dbxref or Ontology_term does not name its database.",
    explanation: "The form is `DBTAG:ID`, as in `GO:0046703`. Validators do not look at it, so that only the policy `strict` calls it an error. The service stores any text. So does annostore.",
    help: "put the name of the database and a colon in front of the id",
    source: "GFF3 1.26, Ontology Associations and DB Cross References",
};
