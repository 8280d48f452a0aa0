//! The program as a person or a script meets it: exit codes, messages that say what, where and what
//! to do, and a home in which nothing half-done is left.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "../common/mod.rs"]
mod common;

mod bad_input;
mod check;
mod creation;
mod damage;
mod disk;
mod header;
mod import;
mod pages;
mod predictions;
mod remote;
mod signals;
mod tsv;
mod verify;
mod views;

use common::program::{Home, Said};

/// A sound file of two records.
const SOUND: &str = "##fileformat=VCFv4.2
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\ta\tA\tC\t.\tPASS\tDP=1
chr1\t20\tb\tA\tC\t.\tPASS\tDP=2
";

const STORE: &str = "variants";

/// One error: what and where, then what to do, and nothing on stdout.
#[track_caller]
fn check_refusal(said: &Said, code: i32, what: &str, at: &str) {
    assert_eq!((said.code, said.out.as_str()), (code, ""), "{}", said.err);
    assert!(said.err.starts_with("error: ") && said.err.contains(what), "{}", said.err);
    assert!(said.err.contains(at) && said.err.contains("\nhelp: "), "{}", said.err);
    assert_eq!(said.err.lines().count(), 2, "{}", said.err);
}

/// No data, no report, nothing staged, and no job that did not end.
#[track_caller]
fn check_untouched(home: &Home) {
    for folder in ["data", "staging", "reports"] {
        assert!(home.files(folder).is_empty(), "{folder}: {:?}", home.files(folder));
    }
    for job in home.json(&["job", "list", "--json"])["annotationImportJobs"].as_array().unwrap() {
        assert_eq!(job["status"], "FAILED", "{job}");
    }
}
