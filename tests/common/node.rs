//! Packages of Node, for tests that need what only they have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::needs::{installed, skipped};
use super::python::run;

/// The folder with the packages of `tests/<of>/package.json`, made below `target/` unless it is
/// there; none where there is no Node, and the test is skipped.
pub fn packages(of: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{of}-node"));
    let wanted = format!("{}/tests/{of}/package.json", env!("CARGO_MANIFEST_DIR"));
    let (packages, done) = (fs::read_to_string(wanted).unwrap(), folder.join("package.json"));
    let is_there = fs::read_to_string(&done).is_ok_and(|it| it == packages);
    if is_there && folder.join("node_modules").is_dir() {
        return Some(folder);
    }
    if !(installed("node") && installed("npm")) {
        return None;
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(&done, packages).unwrap();
    let install = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
    let made = run(Command::new("npm").args(install).arg(&folder));
    made.map(|_| folder).inspect_err(|error| skipped("npm", error)).ok()
}
