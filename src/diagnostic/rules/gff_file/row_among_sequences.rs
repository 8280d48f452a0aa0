use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row stands behind the sequences.
pub static ROW_AMONG_SEQUENCES: Rule = Rule {
    code: "GFF008",
    name: "row-among-sequences",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A row stands behind the sequences.",
    explanation: "From `##FASTA`, or a line that begins with `>`, to the end of the file there are only sequences. The service does not know the directive and stores the row. annostore goes by the specification and cannot store it: the row counts as rejected, and `import --on-error skip` keeps it in the file of rejected lines.",
    help: "move the row in front of ##FASTA",
    source: "GFF3 1.26, Other Syntax: ##FASTA",
};
