//! What an import hands over to be committed.

use std::path::PathBuf;

use super::reference::Normalization;
use super::resource::{ContigBounds, DataFile, JobStatus};
use crate::model::InfoColumn;
use crate::read::HeaderText;
use crate::write::BlockChecksums;

/// What an import made.
#[derive(Clone, Debug)]
pub struct ImportResult {
    /// The files it wrote, already on the disk (`sync_all`).
    pub files: Vec<NewFile>,
    /// The INFO columns of the input (VCF).
    pub info_columns: Vec<InfoColumn>,
    /// The header of the input.
    pub header: Option<HeaderText>,
    /// SHA-256 of the bytes read, in hex.
    pub source_sha256: String,
    /// How many bytes were read.
    pub source_bytes: u64,
    /// Rows in the files.
    pub rows_stored: u64,
    /// Lines of the input that were rejected.
    pub lines_rejected: u64,
    /// [`JobStatus::Completed`] or [`JobStatus::CompletedWithFailures`].
    pub status: JobStatus,
    /// What happened, for a person; may be empty.
    pub status_message: String,
    /// What normalization did, where it was asked for.
    pub normalization: Option<Normalization>,
    /// Files of earlier imports that were put together meanwhile.
    pub merge: Option<Merge>,
}

/// Small files of a version, and those that are to take their place.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The files that go.
    pub replaced: Vec<DataFile>,
    /// The files that come, with the same rows, in the staging folder of the import.
    pub files: Vec<NewFile>,
}

/// A file that an import wrote to its staging folder.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// What it is called, below [`ImportRun::staging_dir`](super::ImportRun::staging_dir).
    pub path: PathBuf,
    /// Rows in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
    /// Checksums of its blocks, which queries hold it against; without them, they believe the disk.
    pub checksums: Option<BlockChecksums>,
    /// What it covers, in order of first appearance.
    pub bounds: Vec<ContigBounds>,
    /// The keys of `info_other` in it, sorted; none where they are too many to list.
    pub other_keys: Option<Vec<String>>,
}
