use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The header defines the same contig twice.
pub static DUPLICATE_CONTIG: Rule = Rule {
    code: "VCF036",
    name: "duplicate-contig",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The header defines the same contig twice.",
    explanation: "The specification wants IDs to be unique, but its own example files have contigs twice. The service takes it, and so does annostore.",
    help: "remove one of the two lines",
    source: "VCF 4.3, section 1.4; hts-specs, passed_meta_contig.vcf",
};
