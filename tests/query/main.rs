//! SQL over stores, from the statement to its rows.
#![cfg(feature = "store")]
// clippy.toml allows these in `#[test]` functions only, not in their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod attributes;
mod bounds;
mod by_name;
mod cli;
mod damage;
mod engine;
mod faults;
mod fixture;
mod imported;
mod listing;
mod nan;
mod notes;
mod outputs;
mod overlap;
mod pruning;
mod refusals;
mod sessions;
