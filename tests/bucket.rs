//! Homes whose data files lie in a bucket, on an S3 server (moto) and behind one that fails.
//!
//! The scripts beside this file need Python with the packages of `serve/requirements.txt`. They get
//! an environment of their own below `target/`, unless `ANNOSTORE_PYTHON` names a Python that has
//! them.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::python::{python, run};

/// Runs a script to its end, which tells whether all of it went well.
fn script(name: &str) {
    let Some(python) = python("serve", "ANNOSTORE_PYTHON") else { return };
    let mut command = Command::new(python);
    command.arg(format!("{}/tests/bucket/{name}", env!("CARGO_MANIFEST_DIR")));
    command.env("ANNOSTORE", env!("CARGO_BIN_EXE_annostore"));
    if let Err(said) = run(&mut command) {
        panic!("{said}");
    }
}

#[test]
fn a_home_in_a_bucket_answers_as_one_on_the_disk() {
    script("homes.py");
}

#[test]
fn kills_and_a_server_that_fails_lose_nothing() {
    script("faults.py");
}
