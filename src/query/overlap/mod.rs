//! Joins of intervals: rows of one side with those rows of the other that they overlap.
//!
//! ```text
//!  left ───► build: keys to groups, intervals in order (index) ─┐
//!                                                               ├─► output
//!  right ──► probe: for each row those that overlap it ─────────┘
//! ```
//!
//! DataFusion holds each row against each of the same contig. [`physical_rules`] has a rule that
//! finds the [`form`] of such a join and puts an operator of ours in its place, which takes about
//! as long as it is to read both sides and to write what meets.
//!
//! The left side, which DataFusion has made the smaller one, is kept in memory. Where it has no
//! room it goes to a temporary file, and each stream of the right side is held against one part of
//! it after the other, from a temporary file of its own.

mod build;
mod exec;
mod form;
mod index;
mod keys;
mod narrow;
mod output;
mod probe;
mod rule;
#[cfg(test)]
mod tests;

pub use rule::physical_rules;
