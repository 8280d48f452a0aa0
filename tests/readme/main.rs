//! README.md and the book in docs/ are true: each command is run, and prints what stands below it;
//! every page is in the book, every link leads somewhere, and the picture is the program's output.
//! `UPDATE_EXPECTED=1` writes answers and picture anew.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod pages;
mod picture;
mod session;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn is_updating() -> bool {
    std::env::var_os("UPDATE_EXPECTED").is_some()
}

/// The pages that people read, relative to the repository: README.md, and the book as
/// docs/SUMMARY.md lists it.
fn pages() -> Vec<String> {
    let summary = text("docs/SUMMARY.md");
    let listed = pages::links(&summary).into_iter().map(|it| format!("docs/{it}"));
    std::iter::once("README.md".to_owned()).chain(listed).collect()
}

/// A folder as the pages assume it: `testdata` as in the repository, and no stores.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(root().join("testdata"), folder.path().join("testdata"))
            .unwrap();
        Self(folder)
    }

    /// What a command prints, its messages last, as a terminal shows them; the folder itself is
    /// left out of paths.
    fn run(&self, command: &str) -> String {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_annostore"));
        let others = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(self.0.path())
            .env("PATH", format!("{}:{others}", program.parent().unwrap().display()))
            .env("ANNOSTORE_HOME", self.0.path().join("home"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        printed.replace(&format!("{}/", self.0.path().display()), "")
    }
}
