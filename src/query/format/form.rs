//! What a form of an answer is.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::model::{Error, Result};

/// The form of an answer.
#[derive(Debug)]
pub struct AnswerFormat {
    /// Its name, as `--format` takes it, and what the names of its files end in.
    pub name: &'static str,
    /// What the names of its files may end in besides.
    pub extensions: &'static [&'static str],
    /// Whether it is no text.
    pub is_binary: bool,
    /// Whether it has names of columns above its rows, which may be left out.
    pub has_header: bool,
    /// How it is written.
    pub(super) write: Writer,
}

type Writer = fn(&Layout, &SchemaRef, Batches<'_>, &mut dyn Write) -> Result<Written, Failure>;

impl PartialEq for AnswerFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// How an answer is written.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Layout {
    /// The form.
    pub format: &'static AnswerFormat,
    /// Whether it goes to a file that can be read from any place, rather than to a pipe or a
    /// terminal.
    pub file: bool,
    /// The most characters of a cell of a table.
    pub cell_width: Option<usize>,
    /// The most characters of a line of a table, which leaves out columns in the middle to keep
    /// to it.
    pub width: Option<usize>,
    /// Whether names of columns stand above the rows, in a form that has such.
    pub header: bool,
}

impl Layout {
    /// As it goes into a pipe.
    pub fn stream(format: &'static AnswerFormat) -> Self {
        Self { format, file: false, cell_width: None, width: None, header: true }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Whether cells of a table were cut to fit.
    pub cut: bool,
    /// Columns of a table that were left out to fit the screen.
    pub columns_left_out: usize,
}

/// Why writing ended early. The caller treats a reader that went away unlike a query that failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The query failed.
    Query(Error),
    /// The output failed.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Query(error)
    }
}

/// Batches of an answer.
pub type Batches<'a> = &'a mut dyn Iterator<Item = Result<RecordBatch>>;

/// Writes an answer with these columns.
pub fn write(
    layout: Layout,
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    (layout.format.write)(&layout, schema, batches, out)
}
