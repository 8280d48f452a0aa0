//! Files of public suites and real data. They are not part of the repository: they are looked for beside it, or where
//! `ANNOSTORE_CORPUS` says.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The corpus, or none, said loudly, where it is not there.
pub fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("ANNOSTORE_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let place = folder.display();
    skipped(&format!("there is no corpus at {place}; ANNOSTORE_CORPUS names another place"));
    None
}

/// Whether a program of another project is installed; says loudly where it is not.
pub fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !found {
        skipped(&format!("`{program}` is not installed"));
    }
    found
}

/// Says that a test was skipped, and why.
pub fn skipped(why: &str) {
    // Straight to stderr: the test harness would keep what `eprintln!` says of a test that passes.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// The files below a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
