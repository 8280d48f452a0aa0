use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The `#CHROM` line has FORMAT, but no sample.
pub static FORMAT_WITHOUT_SAMPLES: Rule = Rule {
    code: "VCF038",
    name: "format-without-samples",
    subject: Subject::VcfHeader,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Note,
    summary: "The `#CHROM` line has FORMAT, but no sample.",
    explanation: "FORMAT says what samples have; without any it says nothing. The service takes it, and so does annostore.",
    help: "leave FORMAT out where there are no samples",
    source: "VCF 4.2, section 1.3; EBI vcf-validator",
};
