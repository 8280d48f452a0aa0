//! Findings as data: what is wrong, where, what the service would do with it, and what we do.

mod findings;
pub mod places;
pub mod profile;
pub mod render;
pub mod report;
pub mod rule;
pub mod rules;
pub mod strip;

pub(crate) use findings::printable;
pub use findings::{Excerpt, Finding, Findings, Keep, RuleLines, Seen, Tally};
pub use rule::{Effect, Evidence, Outcome, Policy, Rule, Severity, Specification, Subject};
