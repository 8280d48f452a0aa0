//! Answers as text or files, batch by batch.

mod cell;
mod columnar;
mod delimited;
mod json;
mod table;

use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use crate::model::{Error, Result};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Boxed columns for people.
    Table,
    /// Comma-separated by RFC 4180, with a header; nested values as JSON, null as nothing, the empty text as `""`.
    Csv,
    /// Tab-separated, with a header; tab, line breaks and backslash within values as `\t`, `\n`, `\r`, `\\`.
    Tsv,
    /// One JSON array with an object per row.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// A Parquet file.
    Parquet,
    /// Arrow IPC: its file form in a file, its stream form on standard output.
    Arrow,
}

impl Format {
    /// All names, as `--format` takes them.
    pub const NAMES: [&'static str; 7] =
        ["table", "csv", "tsv", "json", "ndjson", "parquet", "arrow"];

    /// The format that a file's name asks for.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Table),
            "jsonl" => Some(Self::Ndjson),
            "feather" | "arrows" | "ipc" => Some(Self::Arrow),
            extension => extension.parse().ok(),
        }
    }

    /// Whether it is no text.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow)
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "table" => Self::Table,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "json" => Self::Json,
            "ndjson" => Self::Ndjson,
            "parquet" => Self::Parquet,
            "arrow" => Self::Arrow,
            _ => {
                return Err(Error::invalid(format!(
                    "format `{}` is not known",
                    text.escape_debug()
                ))
                .with_help(format!("use one of {}", Self::NAMES.join(", "))));
            }
        })
    }
}

/// How an answer is written.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The form.
    pub format: Format,
    /// Whether it goes to a file that can be read from any place, rather than to a pipe or a terminal.
    pub file: bool,
    /// The most characters of a cell of a table.
    pub cell_width: Option<usize>,
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
    match layout.format {
        Format::Table => table::write(layout.cell_width, schema, batches, out),
        Format::Csv => delimited::write(b',', schema, batches, out),
        Format::Tsv => delimited::write(b'\t', schema, batches, out),
        Format::Json => json::write_array(&unique_names(schema), batches, out),
        Format::Ndjson => json::write_lines(&unique_names(schema), batches, out),
        Format::Parquet => columnar::write_parquet(&unique_names(schema), batches, out),
        Format::Arrow if layout.file => columnar::write_file(&unique_names(schema), batches, out),
        Format::Arrow => columnar::write_stream(&unique_names(schema), batches, out),
    }
}

/// The columns with a number behind the name of every later one of the same name: a join has `start` and `start_2`.
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
