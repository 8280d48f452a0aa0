//! Versions as Spark itself reads them, with Iceberg's own library, by path.
//!
//! The script beside this file needs Java, and Python with the packages of
//! `pyspark/requirements.txt`: an environment of its own below `target/`, as these exclude those of
//! `engines`, unless `ANNOSTORE_PYSPARK_PYTHON` names a Python that has them.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::needs::installed;
use common::python::{python, run};

#[test]
fn spark_reads_tables_by_path() {
    if !installed("java") {
        return;
    }
    let Some(python) = python("pyspark", "ANNOSTORE_PYSPARK_PYTHON") else { return };
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pyspark/tables.py"));
    command.env("ANNOSTORE", env!("CARGO_BIN_EXE_annostore"));
    if let Err(said) = run(&mut command) {
        panic!("{said}");
    }
}
