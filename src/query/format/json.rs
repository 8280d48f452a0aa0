//! JSON: one array, or one object per line.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::cell::{append_json, append_json_text};
use super::columns::unique_names;
use super::form::{AnswerFormat, Batches, Failure, Written};

/// One JSON array with an object per row.
pub static JSON: AnswerFormat = AnswerFormat {
    name: "json",
    extensions: &[],
    is_binary: false,
    has_header: false,
    write: |_, schema, batches, out| {
        out.write_all(b"[")?;
        let before = |row| if row == 0 { &b"\n"[..] } else { b",\n" };
        let written = write_rows(schema, batches, out, before, b"")?;
        out.write_all(if written.rows == 0 { b"]\n" } else { b"\n]\n" })?;
        Ok(written)
    },
};

/// One JSON object per line.
pub static NDJSON: AnswerFormat = AnswerFormat {
    name: "ndjson",
    extensions: &["jsonl"],
    is_binary: false,
    has_header: false,
    write: |_, schema, batches, out| write_rows(schema, batches, out, |_| b"", b"\n"),
};

fn write_rows(
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
    before: impl Fn(u64) -> &'static [u8],
    after: &[u8],
) -> Result<Written, Failure> {
    let schema = unique_names(schema);
    let names: Vec<Vec<u8>> = schema.fields().iter().map(|it| quoted(it.name())).collect();
    let mut rows = 0;
    let mut line = Vec::new();
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            line.clear();
            line.extend_from_slice(before(rows));
            append_row(&names, &batch, row, &mut line);
            line.extend_from_slice(after);
            out.write_all(&line)?;
            rows += 1;
        }
    }
    Ok(Written { rows, ..Written::default() })
}

fn quoted(name: &str) -> Vec<u8> {
    let mut text = Vec::new();
    append_json_text(name, &mut text);
    text
}

fn append_row(names: &[Vec<u8>], batch: &RecordBatch, row: usize, line: &mut Vec<u8>) {
    line.push(b'{');
    for (index, (name, column)) in names.iter().zip(batch.columns()).enumerate() {
        if index > 0 {
            line.push(b',');
        }
        line.extend_from_slice(name);
        line.push(b':');
        append_json(column, row, line);
    }
    line.push(b'}');
}
