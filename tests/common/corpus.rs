//! Files of public suites and real data. They are not part of the repository: they are looked for
//! beside it, or where `ANNOSTORE_CORPUS` says.

use std::fs;
use std::path::{Path, PathBuf};

use super::needs::skipped;

/// The corpus; none where it is not there, and the test is skipped.
pub fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("ANNOSTORE_CORPUS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let place = folder.display();
    skipped("corpus", &format!("there is none at {place}; ANNOSTORE_CORPUS names another place"));
    None
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
