//! The baselines that a run reads, and the one that it writes.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::place::destination;
use super::settings::{CheckedPlace, is_same, text_of};
use super::{Globals, output};
use crate::diagnostic::baseline::Baseline;
use crate::diagnostic::render::number::counted;
use crate::diagnostic::{Findings, Known};
use crate::emit::OpenOutput;
use crate::model::{Error, Result, shell_word};

/// Baselines that were read, by their paths.
#[derive(Default)]
pub struct Baselines(HashMap<PathBuf, Baseline>);

impl Baselines {
    /// What a baseline knows of a file. One that is yet to be written knows nothing.
    pub fn known(
        &mut self,
        path: &Path,
        of: &CheckedPlace,
        written: Option<&NewBaseline>,
    ) -> Result<Known> {
        if !self.0.contains_key(path) {
            let is_to_be = !path.exists() && written.is_some_and(|it| is_same(&it.path, path));
            let baseline = if is_to_be { Baseline::default() } else { read(path)? };
            self.0.insert(path.to_owned(), baseline);
        }
        let known = self.0.get(path).and_then(|it| it.files.get(&of.key(path)));
        Ok(known.cloned().unwrap_or_default())
    }
}

fn read(path: &Path) -> Result<Baseline> {
    let text = text_of(path, "the baseline")?;
    Baseline::parse(&text).map_err(|it| it.or_with("file", path.display()))
}

/// A baseline that is to be.
pub struct NewBaseline {
    path: PathBuf,
    baseline: Baseline,
    findings: u64,
}

impl NewBaseline {
    /// At a path that is none of a file that is read. What the baseline there says of other files
    /// stays.
    pub fn to(path: &Path, read_files: &[&str]) -> Result<Self> {
        if read_files.iter().any(|it| is_same(Path::new(it), path)) {
            let message = "the baseline would take the place of a file that is read";
            let error = Error::invalid(message).with("file", path.display());
            return Err(error.with_help("name another file behind --write-baseline"));
        }
        let baseline = if path.is_file() { read(path)? } else { Baseline::default() };
        Ok(Self { path: path.to_owned(), baseline, findings: 0 })
    }

    /// Adds the findings of a file.
    pub fn add(&mut self, place: &CheckedPlace, findings: &Findings) {
        self.findings += findings.total();
        self.baseline.files.insert(place.key(&self.path), Known::of(findings));
    }

    /// Writes it aside and gives it its name.
    pub fn finish(self, stop: &Arc<AtomicBool>, globals: &Globals) -> Result<()> {
        let mut out = OpenOutput::create(destination(&self.path, true, stop)?)?;
        let text = self.baseline.to_json();
        out.write_all(text.as_bytes()).map_err(|error| out.failed(error))?;
        out.finish()?;
        if !globals.quiet {
            let path = self.path.display().to_string();
            let (findings, word) = (counted(self.findings, "finding"), shell_word(&path));
            output::message(&format!(
                "{findings} written to {path}: `--baseline {word}` leaves them out"
            ));
        }
        Ok(())
    }
}
