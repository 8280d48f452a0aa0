//! `annostore serve` as its clients meet it: boto3, the AWS CLI, and a real S3 server on the other
//! side.
//!
//! The scripts beside this file need Python with the packages of `serve/requirements.txt`. They get
//! an environment of their own below `target/`, unless `ANNOSTORE_PYTHON` names a Python that has
//! them.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::Command;

use common::needs::skipped;
use common::node;
use common::python::{python, run};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a script to its end, which tells whether all of it went well.
fn script(path: &Path, arguments: &[&str]) {
    let Some(python) = python("serve", "ANNOSTORE_PYTHON") else { return };
    let mut command = Command::new(python);
    command.arg(path).args(arguments).env("ANNOSTORE", env!("CARGO_BIN_EXE_annostore"));
    if let Err(said) = run(&mut command) {
        panic!("{said}");
    }
}

fn own(name: &str) {
    script(&root().join("tests/serve").join(name), &[]);
}

#[test]
fn every_operation_and_every_limit() {
    own("operations.py");
}

#[test]
fn connections_have_limits() {
    own("connections.py");
}

#[test]
fn accounts_see_their_own_and_what_is_shared() {
    own("isolation.py");
}

#[test]
fn signatures() {
    own("signed.py");
}

#[test]
fn strangers_pages_and_logs() {
    own("strangers.py");
}

#[test]
fn objects_of_an_s3_server() {
    own("objects.py");
}

#[test]
fn kills_lose_nothing() {
    own("restart.py");
}

#[test]
fn the_aws_cli_and_the_users_page() {
    own("commands.py");
}

#[test]
fn the_sdk_for_javascript() {
    if let Some(packages) = node::packages("serve") {
        let script_path = root().join("tests/serve/javascript.py");
        script(&script_path, &[packages.to_str().unwrap()]);
    }
}

#[test]
fn the_conformance_suite() {
    let suite = root().join("../shared/conformance/conformance.py");
    if !suite.is_file() {
        return skipped("conformance", "the suite is not beside the repository");
    }
    script(&suite, &["--binary", env!("CARGO_BIN_EXE_annostore")]);
}
