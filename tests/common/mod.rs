//! What several tests need: random numbers that repeat, files made at test time, and the program
//! itself.
// Each test uses a part of it. Helpers of tests may unwrap as the tests do.
#![allow(dead_code, clippy::unwrap_used)]

pub mod bgzf;
pub mod corpus;
pub mod needs;
pub mod node;
pub mod program;
pub mod python;
pub mod random;
pub mod vcf;
pub mod web;
