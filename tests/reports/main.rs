//! The reports of `check` in all their forms, and where they go: as the program writes them, with
//! stores or without.
#![cfg(unix)]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod choice;
#[path = "../common/mod.rs"]
mod common;
mod forms;
mod outputs;
mod pages;
#[cfg(feature = "store")]
mod rejects;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file with an error of each of many rules.
fn mistakes() -> String {
    repository("testdata/demo/mistakes.vcf").display().to_string()
}
