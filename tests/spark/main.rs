//! The reader against what Apache Spark itself returned.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod cases;
mod probes;
mod projects;
mod read;
