//! Where an answer goes: standard output, a file that is to be, or what is there and is no file.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::pager::{self, Paged};
use super::place::is_stream;
use super::scan_bar::ScanBar;
use super::stoppable::Stoppable;
use super::{Globals, output};
use crate::emit::{Unfinished, unwritable};
use crate::model::{Error, ErrorKind, Result};
use crate::query::Answer;
use crate::query::format::{self, AnswerFormat, Batches, Failure, Layout, TABLE, Written};

/// The most characters of a cell of a table on a terminal.
const CELL_WIDTH: usize = 60;
/// Bytes that are written at once.
const BLOCK: usize = 64 * 1024;
/// What errors say cannot be written.
const ANSWER: &str = "the answer";

/// How an answer is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The form.
    pub format: &'static AnswerFormat,
    /// Whether names of columns stand above the rows.
    pub header: bool,
    /// Whether what is longer than the screen goes through a pager.
    pub pager: bool,
}

/// Where an answer goes.
pub struct Destination {
    /// None for standard output.
    path: Option<PathBuf>,
    out: Out,
    /// Whether standard output is a terminal, and the answer goes there.
    terminal: bool,
    paged: bool,
    look: Look,
    stop: Arc<AtomicBool>,
}

enum Out {
    /// What takes blocks when it likes.
    Stream(Stoppable),
    File(Unfinished),
}

impl Destination {
    /// A path that may be written, or standard output, until the flag is set.
    pub fn new(path: Option<&Path>, look: Look, stop: &Arc<AtomicBool>) -> Result<Self> {
        let Some(path) = path else { return Self::stdout(look, stop) };
        if is_stream(path) {
            return Self::appending(path, look, stop);
        }
        let out =
            Out::File(Unfinished::new(path).map_err(|error| unwritable(ANSWER, path, error))?);
        Ok(Self::of(Some(path), out, look, stop))
    }

    fn of(path: Option<&Path>, out: Out, look: Look, stop: &Arc<AtomicBool>) -> Self {
        let (path, stop) = (path.map(Path::to_owned), Arc::clone(stop));
        Self { path, out, terminal: false, paged: false, look, stop }
    }

    fn stdout(look: Look, stop: &Arc<AtomicBool>) -> Result<Self> {
        let terminal = io::stdout().is_terminal();
        if look.format.is_binary && terminal {
            return Err(Error::invalid("this format is not for a terminal")
                .with_help("name a file with -o, or redirect the output"));
        }
        let chosen = || Some((pager::chosen()?, pager::screen()?));
        let chosen = if look.pager { chosen() } else { None };
        let paged = chosen.is_some();
        let out = match chosen {
            Some((words, (_, lines))) => {
                Stoppable::of(move || Ok(Paged::new(words, lines)), Arc::clone(stop))
            }
            None => Stoppable::stdout(Arc::clone(stop)),
        };
        let out = Out::Stream(out.map_err(no_thread)?);
        Ok(Self { terminal, paged, ..Self::of(None, out, look, stop) })
    }

    /// The end of what is there under a path.
    pub fn appending(path: &Path, look: Look, stop: &Arc<AtomicBool>) -> Result<Self> {
        let out = Stoppable::existing(path.to_owned(), Arc::clone(stop)).map_err(no_thread)?;
        Ok(Self::of(Some(path), Out::Stream(out), look, stop))
    }

    /// Writes an answer, and says what is to be told of it.
    pub fn write(self, mut answer: Answer, globals: &Globals) -> Result<()> {
        let mut bar = ScanBar::follow(answer.scans(), globals);
        let schema = answer.schema();
        let mut rows = 0;
        let mut batches =
            answer.by_ref().inspect(|it| rows += it.as_ref().map_or(0, RecordBatch::num_rows));
        let (path, look, paged) = (self.path, self.look, self.paged);
        let written = match self.out {
            Out::File(file) => to_file(file, look, &schema, &mut batches),
            Out::Stream(mut out) => {
                let to = Shown { out: &mut out, bar: self.terminal.then_some(&mut bar) };
                let written = to_stream(to, look, self.terminal, &schema, &mut batches);
                // Nobody waits for the reader of a pipe.
                if paged {
                    out.close();
                }
                written
            }
        };
        bar.finish();
        let told = match written {
            Ok(written) => told(look.format, written, path.as_deref()),
            Err(Failure::Query(error)) => return Err(error),
            Err(Failure::Output(_)) if self.stop.load(Ordering::Relaxed) => {
                return Err(Error::new(ErrorKind::Interrupted, "the query was interrupted"));
            }
            // Not an exit on the spot: what the query holds is to be given back.
            Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                let rows = counted(rows);
                let told = format!("the reader left before the end of the answer, after {rows}");
                // Whoever leaves a pager knows it.
                if paged { Vec::new() } else { vec![told] }
            }
            Err(Failure::Output(error)) => return Err(not_written(path.as_deref(), error)),
        };
        if !globals.quiet {
            let notes = answer.notes().into_iter().map(|it| format!("note: {it}"));
            told.into_iter().chain(notes).for_each(|text| output::message(&text));
        }
        Ok(())
    }
}

impl Destination {
    /// Writes rows that are no answer of a query.
    pub fn write_rows(self, schema: &SchemaRef, rows: Batches<'_>) -> Result<()> {
        let (path, look, paged) = (self.path, self.look, self.paged);
        let written = match self.out {
            Out::File(file) => to_file(file, look, schema, rows),
            Out::Stream(mut out) => {
                let to = Shown { out: &mut out, bar: None };
                let written = to_stream(to, look, self.terminal, schema, rows);
                if paged {
                    out.close();
                }
                written
            }
        };
        match written {
            Ok(_) => Ok(()),
            Err(Failure::Query(error)) => Err(error),
            Err(Failure::Output(_)) if self.stop.load(Ordering::Relaxed) => {
                Err(Error::new(ErrorKind::Interrupted, "it was interrupted"))
            }
            Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(Failure::Output(error)) => Err(not_written(path.as_deref(), error)),
        }
    }
}

fn layout(look: Look) -> Layout {
    let mut layout = Layout::stream(look.format);
    layout.header = look.header;
    layout
}

fn to_file(
    mut file: Unfinished,
    look: Look,
    schema: &SchemaRef,
    batches: Batches<'_>,
) -> Result<Written, Failure> {
    let mut layout = layout(look);
    layout.file = true;
    let mut out = BufWriter::with_capacity(BLOCK, &mut file);
    let written = format::write(layout, schema, batches, &mut out)?;
    out.flush()?;
    drop(out);
    file.finish()?;
    Ok(written)
}

fn to_stream(
    out: Shown<'_>,
    look: Look,
    terminal: bool,
    schema: &SchemaRef,
    batches: Batches<'_>,
) -> Result<Written, Failure> {
    let mut layout = layout(look);
    if terminal {
        layout.cell_width = Some(CELL_WIDTH);
        layout.width = pager::screen().map(|(width, _)| width);
    }
    let mut out = BufWriter::with_capacity(BLOCK, out);
    let written = format::write(layout, schema, batches, &mut out)?;
    out.flush()?;
    Ok(written)
}

/// A stream with the bar that has to make room for its first block.
struct Shown<'a> {
    out: &'a mut Stoppable,
    bar: Option<&'a mut ScanBar>,
}

impl Write for Shown<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(bar) = self.bar.take() {
            bar.finish();
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn not_written(path: Option<&Path>, error: io::Error) -> Error {
    match path {
        Some(path) => unwritable(ANSWER, path, error),
        None => {
            Error::new(ErrorKind::Storage, "cannot write to standard output").with_source(error)
        }
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
    if written.columns_left_out > 0 {
        let columns = written.columns_left_out;
        let are = if columns == 1 { "column is" } else { "columns are" };
        told.push(format!(
            "{columns} {are} left out to fit the screen: name those you want, or see all with \
             --format records (\\x at the prompt)"
        ));
    }
    if written.cut {
        told.push("cells were cut to fit: --format ndjson shows them whole".to_owned());
    }
    told
}

fn counted(rows: usize) -> String {
    format!("{rows} {}", if rows == 1 { "row" } else { "rows" })
}
