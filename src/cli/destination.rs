//! Where an answer goes: standard output, a file that is to be, or what is there and is no file.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;

use super::stoppable::Stoppable;
use super::unfinished::Unfinished;
use crate::model::{Error, ErrorKind, Result};
use crate::query::Answer;
use crate::query::format::{self, AnswerFormat, Failure, Layout, TABLE, Written};

/// The most characters of a cell of a table on a terminal.
const CELL_WIDTH: usize = 60;
/// Bytes that are written at once.
const BLOCK: usize = 64 * 1024;

/// Where an answer goes.
pub struct Destination {
    /// None for standard output.
    path: Option<PathBuf>,
    out: Out,
    stop: Arc<AtomicBool>,
}

enum Out {
    /// What takes blocks when it likes.
    Stream(Stoppable),
    File(Unfinished),
}

impl Destination {
    /// A path that may be written, or standard output, until the flag is set.
    pub fn new(path: Option<&Path>, format: &AnswerFormat, stop: Arc<AtomicBool>) -> Result<Self> {
        let Some(path) = path else {
            if format.is_binary && io::stdout().is_terminal() {
                return Err(Error::invalid("this format is not for a terminal")
                    .with_help("name a file with -o, or redirect the output"));
            }
            let out = Stoppable::stdout(Arc::clone(&stop)).map_err(no_thread)?;
            return Ok(Self { path: None, out: Out::Stream(out), stop });
        };
        let out = if is_stream(path) {
            let out = Stoppable::existing(path.to_owned(), Arc::clone(&stop)).map_err(no_thread)?;
            Out::Stream(out)
        } else {
            Out::File(Unfinished::new(path).map_err(|error| unwritable(path, error))?)
        };
        Ok(Self { path: Some(path.to_owned()), out, stop })
    }

    /// Writes an answer, and what is to be told of it.
    pub fn write(self, format: &'static AnswerFormat, mut answer: Answer) -> Result<Vec<String>> {
        let Self { path, out, stop } = self;
        let path = path.as_deref();
        let schema = answer.schema();
        let notes: Vec<_> = answer.notes().iter().map(|it| format!("note: {it}")).collect();
        let mut layout = Layout::stream(format);
        let mut rows = 0;
        let mut batches =
            answer.by_ref().inspect(|it| rows += it.as_ref().map_or(0, RecordBatch::num_rows));
        let written = match out {
            Out::File(mut file) => {
                layout.file = true;
                let mut out = BufWriter::with_capacity(BLOCK, &mut file);
                let written = format::write(layout, &schema, &mut batches, &mut out)
                    .and_then(|written| Ok(out.flush().map(|()| written)?));
                drop(out);
                written.and_then(|written| Ok(file.finish().map(|()| written)?))
            }
            Out::Stream(out) => {
                let terminal = path.is_none() && io::stdout().is_terminal();
                layout.cell_width = terminal.then_some(CELL_WIDTH);
                let mut out = BufWriter::with_capacity(BLOCK, out);
                format::write(layout, &schema, &mut batches, &mut out)
                    .and_then(|written| Ok(out.flush().map(|()| written)?))
            }
        };
        match written {
            Ok(written) => Ok([told(format, written, path), notes].concat()),
            Err(Failure::Query(error)) => Err(error),
            Err(Failure::Output(_)) if stop.load(Ordering::Relaxed) => {
                Err(Error::new(ErrorKind::Interrupted, "the query was interrupted"))
            }
            // Not an exit on the spot: what the query holds is to be given back.
            Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                let rows = counted(rows);
                Ok(vec![format!("the reader left before the end of the answer, after {rows}")])
            }
            Err(Failure::Output(error)) => match path {
                Some(path) => Err(unwritable(path, error)),
                None => Err(Error::new(ErrorKind::Storage, "cannot write to standard output")
                    .with_source(error)),
            },
        }
    }
}

/// Whether a path is of something that is no file: a device, a pipe, or what a descriptor of the
/// process is open on. To put a file in its place would take it from everybody else.
fn is_stream(path: &Path) -> bool {
    let Ok(there) = fs::metadata(path) else { return false };
    let of_process = || {
        let mut links = vec![path.to_owned()];
        links.extend(fs::read_link(path));
        links.iter().any(|it| it.starts_with("/proc") || it.starts_with("/dev/fd"))
    };
    !there.is_file() && !there.is_dir() || of_process()
}

fn unwritable(path: &Path, error: io::Error) -> Error {
    let error_kind = error.kind();
    let error = Error::new(ErrorKind::Storage, "cannot write the answer")
        .with("file", path.display())
        .with_source(error);
    match error_kind {
        io::ErrorKind::IsADirectory => error.with_help("name a file in that folder"),
        io::ErrorKind::NotFound => error.with_help("make the folder first, or name another"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            error.with_help("free space there, or name another folder")
        }
        io::ErrorKind::FileTooLarge => error
            .with_help("raise the limit of the size of files (`ulimit -f`), or ask for fewer rows"),
        _ => error,
    }
}

fn no_thread(error: io::Error) -> Error {
    Error::internal("cannot start a thread to write the answer").with_source(error)
}

fn told(format: &AnswerFormat, written: Written, path: Option<&Path>) -> Vec<String> {
    let rows = counted(usize::try_from(written.rows).unwrap_or(usize::MAX));
    let mut told = Vec::new();
    match path {
        Some(path) => told.push(format!("{rows} written to {}", path.display())),
        None if *format == TABLE => told.push(rows),
        None => {}
    }
    if written.cut {
        told.push("cells were cut to fit: --format ndjson shows them whole".to_owned());
    }
    told
}

fn counted(rows: usize) -> String {
    format!("{rows} {}", if rows == 1 { "row" } else { "rows" })
}
