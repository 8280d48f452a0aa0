//! The reader against what Apache Spark itself returned.

#![allow(clippy::unwrap_used)]

mod cases;
mod probes;
mod projects;
mod read;
