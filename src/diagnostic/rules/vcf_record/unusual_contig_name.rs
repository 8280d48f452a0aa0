use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// CHROM has a character that some versions do not have in names of contigs.
pub static UNUSUAL_CONTIG_NAME: Rule = Rule {
    code: "VCF121",
    name: "unusual-contig-name",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "CHROM has a character that some versions do not have in names of contigs.",
    explanation: "That is `*` and `=` from VCF 4.3 on, and before it a name that begins with something else than a letter or digit. The service takes it, and so does annostore.",
    help: "rename the contig if programs stumble over it",
    source: "VCF 4.3, section 1.4.7; EBI vcf-validator",
};
