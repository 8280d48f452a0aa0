//! Answers as text or files, batch by batch.

mod cell;
mod columnar;
mod delimited;
mod json;
mod table;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

pub use columnar::{ARROW, PARQUET};
pub use delimited::{CSV, TSV};
pub use json::{JSON, NDJSON};
pub use table::TABLE;

use crate::model::{Error, Result};

/// The form of an answer.
#[derive(Debug)]
pub struct Format {
    /// Its name, as `--format` takes it, and what the names of its files end in.
    pub name: &'static str,
    /// What the names of its files may end in besides.
    pub extensions: &'static [&'static str],
    /// Whether it is no text.
    pub is_binary: bool,
    write: Writer,
}

type Writer = fn(&Layout, &SchemaRef, Batches<'_>, &mut dyn Write) -> Result<Written, Failure>;

/// All forms. A new one is a value in a file of this folder, and a line here.
pub static FORMATS: [&Format; 7] = [&TABLE, &CSV, &TSV, &JSON, &NDJSON, &PARQUET, &ARROW];

impl Format {
    /// The format of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.into_iter().find(|it| it.name == name)
    }

    /// The format that a file's name asks for.
    pub fn of_path(path: &Path) -> Option<&'static Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let has = |it: &&Format| it.name == extension || it.extensions.contains(&&*extension);
        FORMATS.into_iter().find(has)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// How an answer is written.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The form.
    pub format: &'static Format,
    /// Whether it goes to a file that can be read from any place, rather than to a pipe or a
    /// terminal.
    pub file: bool,
    /// The most characters of a cell of a table.
    pub cell_width: Option<usize>,
}

impl Layout {
    /// As it goes into a pipe.
    pub fn stream(format: &'static Format) -> Self {
        Self { format, file: false, cell_width: None }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Whether cells of a table were cut to fit.
    pub cut: bool,
}

/// Why writing ended early. The caller treats a reader that went away unlike a query that failed.
#[derive(Debug)]
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

/// The columns with a number behind the name of every later one of the same name: a join has
/// `start` and `start_2`.
fn unique_names(schema: &SchemaRef) -> SchemaRef {
    let mut fields: Vec<Arc<arrow::datatypes::Field>> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let taken = |name: &str, fields: &[Arc<arrow::datatypes::Field>]| {
            fields.iter().any(|it| it.name() == name)
        };
        if taken(field.name(), &fields) {
            let numbered = |n: u32| format!("{}_{n}", field.name());
            let all = schema.fields();
            let free = |name: &String| !taken(name, &fields) && !taken(name, all);
            let name = (2..=u32::MAX).map(numbered).find(free).unwrap_or_default();
            fields.push(Arc::new(field.as_ref().clone().with_name(name)));
        } else {
            fields.push(Arc::clone(field));
        }
    }
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// The same columns under the names of `schema`.
fn renamed(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, Failure> {
    let rows = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), batch.columns().to_vec(), &rows).map_err(
        |error| {
            Failure::Query(Error::internal("a batch does not fit the answer").with_source(error))
        },
    )
}

#[cfg(test)]
mod tests;
