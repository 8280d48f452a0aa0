//! SQL over stores, from the statement to its rows.

mod attributes;
mod fixture;
mod language;
mod names;
mod pruning;
mod refusals;
