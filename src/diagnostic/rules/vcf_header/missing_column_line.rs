use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// There is no `#CHROM` line before the first record.
pub static MISSING_COLUMN_LINE: Rule = Rule {
    code: "VCF003",
    name: "missing-column-line",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "There is no `#CHROM` line before the first record.",
    explanation: "Without it nobody can tell which columns the records have: the service fails the job, and annostore stores nothing. A `#CHROM` line whose names are separated by blanks instead of tabs is the usual cause.",
    help: "put the tab-separated line `#CHROM POS ID REF ALT QUAL FILTER INFO` between the header and the records",
    source: "VCF 4.2, section 1.3; service: missing CHROM header, illegal field name",
};
