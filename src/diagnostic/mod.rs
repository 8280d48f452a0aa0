//! Findings as data: what is wrong, where, what the service would do with it, and what we do.

pub mod baseline;
pub mod earlier;
mod findings;
mod hidden;
mod known;
pub mod places;
pub mod profile;
pub mod render;
pub mod report;
pub mod rule;
pub mod rules;
pub mod selection;
pub mod settings;
pub mod strip;

pub(crate) use findings::printable;
pub use findings::{Excerpt, Finding, Findings, Hidden, Keep, RuleLines, Seen, Tally};
pub use known::{Change, Known};
pub use rule::{Effect, Evidence, Outcome, Policy, Rule, Severity, Specification, Subject};
