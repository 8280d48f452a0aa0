use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A sequence id begins with `md5:`, but is no MD5 id as `GenomeTools` writes them.
pub static MALFORMED_MD5_SEQID: Rule = Rule {
    code: "GFF117",
    name: "malformed-md5-seqid",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A sequence id begins with `md5:`, but is no MD5 id as GenomeTools writes them.",
    explanation: "GenomeTools names a sequence by the MD5 sum of its bases: `md5:`, 32 hexadecimal digits, and perhaps a colon and the seqid. The specification leaves ids to those who make them; one with this prefix that has another form names no sequence, and counts as against the specification. The service stores the text as it is. So does annostore.",
    help: "write `md5:SUM` or `md5:SUM:SEQID`",
    source: "GenomeTools: MD5 sequence IDs",
};
