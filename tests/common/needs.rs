//! What a test needs beside the repository: files of public suites, other programs, rights. A test
//! whose need is not there is skipped loudly, so that nobody takes silence for success.
//!
//! `ANNOSTORE_REQUIRE_ALL=1` makes every skip a failure, but for the needs that
//! `ANNOSTORE_MAY_LACK` lists. `ANNOSTORE_SKIPPED` names a file that gets a line for each skip.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::Command;

/// Whether a program of another project is installed; skips the test where it is not.
pub fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !found {
        skipped(program, "it is not installed");
    }
    found
}

/// Says that the test is skipped for a need, or fails it where the need has to be met.
///
/// # Panics
///
/// Where `ANNOSTORE_REQUIRE_ALL` is set and `ANNOSTORE_MAY_LACK` does not list the need.
pub fn skipped(need: &str, why: &str) {
    let may_lack = variable("ANNOSTORE_MAY_LACK");
    let is_required = variable("ANNOSTORE_REQUIRE_ALL") == "1";
    assert!(
        !is_required || may_lack.split_whitespace().any(|it| it == need),
        "{need}: {why}; ANNOSTORE_REQUIRE_ALL requires it"
    );
    let thread = std::thread::current();
    let line = format!("{}: {need}: {why}\n", thread.name().unwrap_or("a test"));
    // Straight to stderr: the test harness would keep what `eprintln!` says of a test that passes.
    let _ = write!(std::io::stderr(), "SKIPPED: {line}");
    let list = variable("ANNOSTORE_SKIPPED");
    if !list.is_empty() {
        // One write, so that lines of tests that run at once stay whole.
        let mut list = OpenOptions::new().append(true).create(true).open(list).unwrap();
        list.write_all(line.as_bytes()).unwrap();
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
