//! Rows on their way to the staging folder of an import, and the lines that do not get there.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::SchemaRef;

use super::options::{ImportTask, OnError};
use crate::catalog::{ImportRun, Merge, Normalization};
use crate::diagnostic::report::Report;
use crate::model::{Error, ErrorKind, InfoColumn, Result};
use crate::read::source::SourceDigest;
use crate::read::{HeaderText, Totals};
use crate::write::{CoordinateNames, MAX_OTHER_KEYS, Rows, VersionWriter, WrittenFile};

/// Bases that a row may have moved left and still be put in its place among the rows before it.
/// Repeats are shorter, as a rule; a row that moves further begins a new file, which costs nothing
/// but a file.
const REACH: i64 = 10_000;
/// Between two looks whether somebody cancelled the job.
const CANCEL_POLL: Duration = Duration::from_millis(250);

/// Takes parsed chunks to the staging folder.
pub struct Stage {
    on_error: OnError,
    writer: Option<VersionWriter>,
    other_keys: BTreeSet<String>,
    rejects_path: PathBuf,
    rejects: Option<BufWriter<File>>,
    polled: Instant,
}

/// What an import read and wrote, before its commit.
pub struct Staging {
    /// What there is to say about the file.
    pub report: Report,
    /// Whether nothing of it may be stored.
    pub is_rejected: bool,
    /// The files that were written.
    pub files: StagedFiles,
    /// The columns of its INFO keys.
    pub columns: Vec<InfoColumn>,
    /// Its header.
    pub header: Option<HeaderText>,
    /// The digest of the file.
    pub digest: SourceDigest,
    /// What normalization did.
    pub normalization: Option<Normalization>,
    /// Files of earlier imports that were put together.
    pub merge: Option<Merge>,
}

/// The files of an import, before its commit.
pub struct StagedFiles {
    /// The files of rows.
    pub files: Vec<WrittenFile>,
    /// The keys of `info_other`; none where they are too many to list.
    pub other_keys: Option<Vec<String>>,
    /// The lines that were left out, where there are any.
    pub rejected_lines: Option<PathBuf>,
}

impl Stage {
    /// Nothing staged yet, of rows of this schema.
    pub fn new(
        task: ImportTask<'_>,
        schema: &SchemaRef,
        order: Option<&CoordinateNames>,
    ) -> Result<Self> {
        let ImportTask { run, pipe, options, .. } = task;
        let folder = run.staging_dir();
        let writer = VersionWriter::new(folder, Arc::clone(schema), order, &pipe.pool)?;
        let mut writer = writer.given_to(run.new_files(&pipe.meter.stop)?);
        if options.normalize.is_some() {
            writer = writer.reaching(REACH);
        }
        let rejects = format!("rejected.{}", run.store().format.as_str().to_ascii_lowercase());
        Ok(Self {
            on_error: options.on_error,
            writer: Some(writer),
            other_keys: BTreeSet::new(),
            rejects_path: folder.join(rejects),
            rejects: None,
            polled: Instant::now(),
        })
    }

    /// Looks from time to time whether somebody cancelled the job.
    pub fn check_cancelled(&mut self, run: &ImportRun) -> Result<()> {
        if self.polled.elapsed() > CANCEL_POLL {
            self.polled = Instant::now();
            if run.is_cancelled() {
                return Err(Error::new(ErrorKind::Interrupted, "the job was cancelled"));
            }
        }
        Ok(())
    }

    /// Takes the rows of a chunk, and the lines of it that are no rows.
    pub fn add(&mut self, totals: &Totals, rejected: &[u8], rows: Rows) -> Result<()> {
        let Rows { batch, mut other_keys } = rows;
        if self.on_error == OnError::Fail && totals.rejected_lines() > 0 {
            // Nothing will be stored, but the rest is still read, to report all of it.
            self.writer = None;
            return Ok(());
        }
        if !rejected.is_empty() {
            self.keep_rejected(rejected)
                .map_err(|error| cannot_write(&self.rejects_path, &error))?;
        }
        if self.other_keys.len() <= MAX_OTHER_KEYS {
            self.other_keys.append(&mut other_keys);
        }
        match &mut self.writer {
            Some(writer) => writer.add(&batch),
            None => Ok(()),
        }
    }

    fn keep_rejected(&mut self, lines: &[u8]) -> io::Result<()> {
        match &mut self.rejects {
            Some(out) => out.write_all(lines),
            none => {
                let file = File::create(&self.rejects_path)?;
                none.insert(BufWriter::new(file)).write_all(lines)
            }
        }
    }

    /// Ends the files, those of rows only where they may be stored.
    pub fn finish(self, is_rejected: bool) -> Result<StagedFiles> {
        let files = match self.writer {
            Some(writer) if !is_rejected => writer.finish()?,
            _ => Vec::new(),
        };
        let mut rejected_lines = None;
        if let Some(mut out) = self.rejects {
            let written = out.flush().and_then(|()| out.get_ref().sync_all());
            written.map_err(|error| cannot_write(&self.rejects_path, &error))?;
            rejected_lines = Some(self.rejects_path);
        }
        let few = self.other_keys.len() <= MAX_OTHER_KEYS;
        let other_keys = few.then(|| self.other_keys.into_iter().collect());
        Ok(StagedFiles { files, other_keys, rejected_lines })
    }
}

/// Why a file of the home cannot be written.
pub fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("cannot write: {error}"))
        .with("file", path.display())
        .with_help("check the disk and the rights of the home folder")
}
