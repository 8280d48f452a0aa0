//! Versions as other engines read them (`DuckDB`, Polars, pyiceberg, Sail): over the Iceberg
//! metadata by path, and by the REST catalog of `annostore serve`.
//!
//! The scripts beside this file need Python with the packages of `engines/requirements.txt`. They
//! get an environment of their own below `target/`, unless `ANNOSTORE_ENGINES_PYTHON` names a
//! Python that has them.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::python::{python, run};

/// Runs a script to its end, which tells whether all of it went well.
fn script(name: &str) {
    let Some(python) = python("engines", "ANNOSTORE_ENGINES_PYTHON") else { return };
    let mut command = Command::new(python);
    command.arg(format!("{}/tests/engines/{name}", env!("CARGO_MANIFEST_DIR")));
    command.env("ANNOSTORE", env!("CARGO_BIN_EXE_annostore"));
    if let Err(said) = run(&mut command) {
        panic!("{said}");
    }
}

#[test]
fn tables_by_path() {
    script("tables.py");
}

#[test]
fn tables_in_a_bucket() {
    script("bucket.py");
}

#[test]
fn the_rest_catalog() {
    script("rest.py");
}
