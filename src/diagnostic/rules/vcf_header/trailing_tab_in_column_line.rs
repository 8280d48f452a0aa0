use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The `#CHROM` line ends in a tab.
pub static TRAILING_TAB_IN_COLUMN_LINE: Rule = Rule {
    code: "VCF041",
    name: "trailing-tab-in-column-line",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "The `#CHROM` line ends in a tab.",
    explanation: "The tab announces another column, which has no name. annostore leaves it out.",
    help: "remove the tab at the end of the line",
    source: "VCF 4.2, section 1.3; EBI vcf-validator",
};
