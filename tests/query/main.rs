//! SQL over stores, from the statement to its rows.
#![cfg(feature = "store")]
// clippy.toml allows these in `#[test]` functions only, not in their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod annotations;
mod attributes;
mod cli;
mod fixture;
mod imported;
mod language;
mod names;
mod ported;
mod pruning;
mod refusals;
mod samples;
mod several_files;
