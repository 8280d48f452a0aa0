//! The program itself, with a home of its own.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The folder of a test: a home, and files beside it.
pub struct Home(tempfile::TempDir);

/// What a run said.
pub struct Said {
    /// The exit code; -1 where a signal ended the run.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Home {
    /// An empty folder; the home in it does not exist yet.
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A home with a VCF store of this name.
    pub fn with_store(name: &str) -> Self {
        let home = Self::new();
        let made = ["store", "create", "--name", name, "--store-format", "VCF"];
        home.done(made.iter().chain(&["--reference-arn", "arn:x"]));
        home
    }

    /// The home.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("home")
    }

    /// A path beside the home.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file beside the home.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.beside(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// The program with the home and these arguments, its standard input closed.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annostore"));
        command.args(arguments).env("ANNOSTORE_HOME", self.path()).current_dir(self.0.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Said {
        said(&self.command(arguments).output().unwrap())
    }

    /// Runs the program on this standard input.
    pub fn run_on<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        input: Vec<u8>,
    ) -> Said {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        // The program may end before it has read all.
        let feed = std::thread::spawn(move || drop(std::io::Write::write_all(&mut pipe, &input)));
        let output = child.wait_with_output().unwrap();
        feed.join().unwrap();
        said(&output)
    }

    /// Runs the program and gives what it printed; it has to succeed.
    #[track_caller]
    pub fn done<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        said.out
    }

    /// The JSON that a run prints.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.done(arguments)).unwrap()
    }

    /// The paths of the files below a folder of the home, relative to the home, in order.
    pub fn files(&self, below: &str) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.path().join(below), &mut found);
        let relative = |it: PathBuf| it.strip_prefix(self.path()).unwrap().display().to_string();
        let mut files: Vec<_> = found.into_iter().map(relative).collect();
        files.sort();
        files
    }
}

/// The output of a run as text.
pub fn said(output: &Output) -> Said {
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, found) } else { found.push(path) }
    }
}
