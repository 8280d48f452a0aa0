//! The reader against what Apache Spark itself returned.

#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod cases;
mod probes;
mod projects;
mod read;
