use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A CDS has no phase.
pub static CDS_WITHOUT_PHASE: Rule = Rule {
    code: "GFF110",
    name: "cds-without-phase",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A CDS has no phase.",
    explanation: "The phase is required for all features of type CDS: without it, the reading frame is not known. The service stores null. So does annostore.",
    help: "give the phase: 0 for a CDS that begins with a whole codon",
    source: "GFF3 1.26, Column 8: the phase is required for all CDS features",
};
