use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The sequences do not begin with a line that names one.
pub static FASTA_WITHOUT_HEADER: Rule = Rule {
    code: "GFF007",
    name: "fasta-without-header",
    subject: Subject::GffFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The sequences do not begin with a line that names one.",
    explanation: "Behind `##FASTA` the file has to go on in FASTA format, each sequence with a line `>seqid`. Neither the service nor annostore stores sequences.",
    help: "begin each sequence with a line `>seqid`",
    source: "GFF3 1.26, Other Syntax: ##FASTA",
};
