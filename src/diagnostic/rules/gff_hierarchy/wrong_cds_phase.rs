use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The phase of a CDS does not follow from the lengths of those before it.
pub static WRONG_CDS_PHASE: Rule = Rule {
    code: "GFF308",
    name: "wrong-cds-phase",
    subject: Subject::GffHierarchy,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The phase of a CDS does not follow from the lengths of those before it.",
    explanation: "The bases of a codon that one part of a CDS leaves over are the phase of the next. The parts are those of one ID, or of one Parent where IDs do not tell; the phase of the first is free. Where translation slips, as in a programmed frameshift, the phase is right and the rule wrong. The service does not look. annostore stores the row as it is.",
    help: "work the phases out again, for example with `gt gff3 -tidy`",
    source: "GFF3 1.26, Column 8",
};
