use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Contigs are named in several styles in one file.
pub static SEVERAL_CONTIG_STYLES: Rule = Rule {
    code: "TSV119",
    name: "several-contig-styles",
    subject: Subject::TsvRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "Contigs are named in several styles in one file.",
    explanation: "The service takes any text for a contig. Rows of `chr1` and of `1` are of two contigs to it, and joins and regions find only one of them. annostore stores them as they are.",
    help: "name all contigs in the style of the reference",
    source: "service: contig names are not checked",
};
