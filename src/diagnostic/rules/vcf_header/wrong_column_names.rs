use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The `#CHROM` line lacks a column or has them in another order.
pub static WRONG_COLUMN_NAMES: Rule = Rule {
    code: "VCF004",
    name: "wrong-column-names",
    subject: Subject::VcfHeader,
    effect: Effect::FailsJob,
    outcome: Outcome::Rejected,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "The `#CHROM` line lacks a column or has them in another order.",
    explanation: "The eight fixed columns have fixed names and a fixed order; the ninth, if there is one, is FORMAT, and samples follow it. The service fails the job, and annostore stores nothing, since values would land in wrong columns.",
    help: "write the columns as CHROM POS ID REF ALT QUAL FILTER INFO, then FORMAT and the samples if there are genotypes",
    source: "VCF 4.2, section 1.3; service: insufficient or misordered fields",
};
