//! What is imported, how, and how that ended.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::{ImportRun, Job, Normalization};
use crate::diagnostic::report::Report;
use crate::model::{AnnotationFields, FormatOptions, Listener, Reference};
use crate::normalize::{Counts, NormalizeOptions};
use crate::read::Pipe;
use crate::read::source::Input;

/// What to do with lines that cannot be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Store nothing.
    #[default]
    Fail,
    /// Store the others, and keep those lines beside the report. The job ends as
    /// `COMPLETED_WITH_FAILURES`.
    Skip,
    /// Store the others, and keep those lines beside the report, but end the job as COMPLETED, as
    /// the service ends one that dropped rows of a GFF file; its status message says what was
    /// dropped.
    Drop,
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// How to read the file; the defaults of the store's format where there are none.
    pub format: Option<FormatOptions>,
    /// What to do with lines that cannot be stored.
    pub on_error: OnError,
    /// Whether a file that gives no row is imported, too. The service fails its job.
    pub allow_empty: bool,
    /// Whether plain gzip of several members is read, too, where its last line has no newline: it
    /// may have been cut between two of them.
    pub allow_missing_newline: bool,
    /// Where a VCF file has annotations.
    pub annotations: AnnotationFields,
    /// How to normalize, and against which reference; records stay as they are where there is none.
    pub normalize: Option<Normalize>,
    /// Hears of what a person wants to know before the first record is read.
    pub listener: Listener,
}

/// A reference to normalize against.
#[derive(Clone)]
pub struct Normalize {
    /// Its bases.
    pub reference: Arc<dyn Reference>,
    /// Its ARN.
    pub arn: String,
    /// Its digest.
    pub digest: String,
    /// How to normalize.
    pub options: NormalizeOptions,
}

impl std::fmt::Debug for Normalize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Normalize")
            .field("arn", &self.arn)
            .field("digest", &self.digest)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Normalize {
    /// What a job says that was normalized in this way.
    pub fn did(&self, counts: Counts) -> Normalization {
        Normalization { reference_arn: self.arn.clone(), digest: self.digest.clone(), counts }
    }
}

/// How an import ended that was able to read its file.
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// What there is to say about the file.
    pub report: Report,
    /// The job as it ended, or none where the file was rejected and nothing stored.
    pub job: Option<Job>,
    /// The lines that were left out, where there are any.
    pub rejected_lines: Option<PathBuf>,
}

/// What is imported, where to, and how.
#[derive(Clone, Copy)]
pub struct ImportTask<'a> {
    /// The run, with its store and version.
    pub run: &'a ImportRun,
    /// The file.
    pub input: &'a Input,
    /// The threads.
    pub pipe: &'a Pipe,
    /// What was asked for.
    pub options: &'a ImportOptions,
}
