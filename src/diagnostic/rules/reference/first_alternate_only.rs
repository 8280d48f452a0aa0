use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// Of several ALT alleles in a row that is normalized, the service keeps the first.
pub static FIRST_ALTERNATE_ONLY: Rule = Rule {
    code: "REF006",
    name: "first-alternate-only",
    subject: Subject::TsvNormalization,
    effect: Effect::LosesValue,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "Of several ALT alleles in a TSV row that is normalized, the service keeps the first.",
    explanation: "A job with `runLeftNormalization` cuts ALT at its commas and stores the first allele, also in rows that are normalized already; the others are gone without a word. annostore normalizes all alleles of a row together and keeps them.",
    help: "write a row for each ALT allele, or import without left normalization",
    source: "service: ETL, TSV normalization",
};
