//! The end of an import: what it staged becomes a commit, or the job fails.

use std::fs;
use std::path::{Path, PathBuf};

use super::options::{Imported, OnError};
use super::report::{failure_message, keep_report};
use super::stage::{Staging, cannot_write};
use crate::catalog::{ContigBounds, ImportResult, ImportRun, JobStatus, NewFile};
use crate::diagnostic::render::number;
use crate::diagnostic::report::Report;
use crate::iceberg;
use crate::model::{Listener, Result};
use crate::write::{Covered, WrittenFile};

/// An import that has only to be ended.
pub struct Ready {
    report: Report,
    rejected_lines: Option<PathBuf>,
    /// What to commit; none where nothing may be stored.
    result: Option<ImportResult>,
}

/// Leaves in the home what is to stay beside the rows: the report, and the lines that were left
/// out.
pub fn prepare(run: &ImportRun, staging: Staging, on_error: OnError) -> Result<Ready> {
    let Staging { report, is_rejected, files, columns, header, digest, normalization, merge } =
        staging;
    if is_rejected || report.findings.total() > 0 {
        keep_report(run, &report)?;
    }
    if is_rejected {
        return Ok(Ready { report, rejected_lines: None, result: None });
    }
    let kept = files.rejected_lines.map(|path| keep_rejected_lines(run, &path)).transpose()?;
    let other_keys = files.other_keys;
    let files: Vec<NewFile> =
        files.files.into_iter().map(|file| new_file(file, other_keys.clone())).collect();
    let (status, status_message) = outcome(&report, on_error);
    let result = ImportResult {
        rows_stored: files.iter().map(|file| file.rows).sum(),
        files,
        info_columns: columns,
        header,
        source_sha256: digest.hex(),
        source_bytes: digest.bytes(),
        lines_rejected: report.rejected_lines,
        status,
        status_message,
        normalization,
        merge,
    };
    Ok(Ready { report, rejected_lines: kept, result: Some(result) })
}

/// Ends the run: by its commit, or as failed.
pub fn end(run: ImportRun, ready: Ready, listener: &Listener) -> Result<Imported> {
    let Ready { report, rejected_lines, result } = ready;
    let job = if let Some(result) = result {
        let (store, version) = (run.store().clone(), run.version().clone());
        let catalog = run.catalog().clone();
        let job = run.commit(&result)?;
        // What is stored is stored, whatever becomes of what is made from it.
        let told = iceberg::follow(&catalog, &store, &version);
        let copied = catalog.copy_to_bucket();
        for error in [catalog.back_up().err(), told.err(), copied.err()].into_iter().flatten() {
            listener.warning(&error);
        }
        Some(job)
    } else {
        run.fail(&failure_message(&report))?;
        None
    };
    Ok(Imported { report, job, rejected_lines })
}

/// Brings the lines that were left out to the folder of the report, and that to the disk.
fn keep_rejected_lines(run: &ImportRun, path: &Path) -> Result<PathBuf> {
    let folder = run.report_dir()?;
    run.settle(path)?;
    let target = folder.join(path.file_name().unwrap_or_default());
    fs::rename(path, &target).map_err(|error| cannot_write(&target, &error))?;
    run.sync_reports()?;
    Ok(target)
}

/// What the catalog keeps of a file.
pub fn new_file(file: WrittenFile, other_keys: Option<Vec<String>>) -> NewFile {
    let bounds = |covered: Covered| ContigBounds {
        contig: covered.contig,
        min_start: covered.min_start,
        max_end: covered.max_end,
        rows: covered.rows,
    };
    NewFile {
        path: file.path,
        rows: file.rows,
        bytes: file.bytes,
        sha256: file.sha256,
        checksums: Some(file.checksums),
        bounds: file.covered.into_iter().map(bounds).collect(),
        other_keys,
    }
}

/// How a job ends whose rows were stored, and the message that says which lines were not.
fn outcome(report: &Report, on_error: OnError) -> (JobStatus, String) {
    if report.rejected_lines == 0 {
        return (JobStatus::Completed, String::new());
    }
    let (status, what) = match on_error {
        OnError::Drop => (JobStatus::Completed, "dropped"),
        OnError::Fail | OnError::Skip => (JobStatus::CompletedWithFailures, "left out"),
    };
    let lines = number::counted(report.rejected_lines, "line");
    (status, format!("{lines} {what}: {}", failure_message(report)))
}
