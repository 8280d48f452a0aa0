//! One record per block, for people: a line for each column.

use std::io::Write;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;

use super::cell::{Cell, cell};
use super::form::{AnswerFormat, Batches, Failure, Layout, Written};
use super::shown::{Shown, shown};

/// One record per block; each field of a row and each key of a map has a line of its own.
pub static RECORDS: AnswerFormat =
    AnswerFormat { name: "records", extensions: &[], is_binary: false, has_header: false, write };

/// How many times longer than a cell of a table a value may be.
const CELLS: usize = 20;

fn write(
    layout: &Layout,
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    let limit = layout.cell_width.map_or(usize::MAX, |it| it * CELLS);
    let mut written = Written::default();
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            written.rows += 1;
            let lines = lines(schema, &batch, row, limit);
            let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
            let title = format!("-[ record {} ]", written.rows);
            let rule = "-".repeat((width + 2).saturating_sub(title.len()));
            writeln!(out, "{title}{rule}")?;
            for (name, value) in lines {
                written.cut |= value.is_cut;
                let padding = " ".repeat(width - name.chars().count());
                writeln!(out, "{name}{padding} | {}", value.text)?;
            }
        }
    }
    Ok(written)
}

type RecordLines = Vec<(String, Shown)>;

fn lines(schema: &SchemaRef, batch: &RecordBatch, row: usize, limit: usize) -> RecordLines {
    let mut lines = Vec::new();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let name = Shown::of_text(field.name(), limit).text;
        match cell(column, row) {
            Cell::Struct(fields) if !fields.is_empty() => {
                add_fields(&name, &fields, row, limit, &mut lines);
            }
            Cell::Map(keys, values) if !keys.is_empty() => {
                for index in 0..keys.len() {
                    let key = shown(&keys, index, limit);
                    let quote = if key.is_number { "" } else { "'" };
                    let name = format!("{name}[{quote}{}{quote}]", key.text);
                    lines.push((name, shown(&values, index, limit)));
                }
            }
            _ => lines.push((name, shown(column, row, limit))),
        }
    }
    lines
}

/// A line for each field that is not null, and one that counts the others: `info` of a record has
/// few of the keys that its header declares.
fn add_fields(
    name: &str,
    fields: &[(&str, &ArrayRef)],
    row: usize,
    limit: usize,
    lines: &mut RecordLines,
) {
    let mut nulls = 0;
    for (field, values) in fields {
        if matches!(cell(values, row), Cell::Null) {
            nulls += 1;
        } else {
            let field = Shown::of_text(field, limit).text;
            lines.push((format!("{name}.{field}"), shown(values, row, limit)));
        }
    }
    if nulls > 0 {
        let of = fields.len();
        let fields = if of == 1 { "field" } else { "fields" };
        let text = format!("NULL in {nulls} of {of} {fields}");
        lines.push((format!("{name}.…"), Shown { text, is_number: false, is_cut: false }));
    }
}
