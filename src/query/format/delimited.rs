//! CSV and TSV.

use std::io::Write;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::SchemaRef;

use super::cell::append_plain;
use super::form::{AnswerFormat, Batches, Failure, Layout, Written};

/// Comma-separated by RFC 4180, with a header; nested values as JSON, null as nothing, the empty
/// text as `""`.
pub static CSV: AnswerFormat = AnswerFormat {
    name: "csv",
    extensions: &[],
    is_binary: false,
    has_header: true,
    write: |layout, schema, batches, out| write(b',', layout, schema, batches, out),
};

/// Tab-separated, with a header; tab, line breaks and backslash within values as `\t`, `\n`, `\r`,
/// `\\`.
pub static TSV: AnswerFormat = AnswerFormat {
    name: "tsv",
    extensions: &[],
    is_binary: false,
    has_header: true,
    write: |layout, schema, batches, out| write(b'\t', layout, schema, batches, out),
};

fn write(
    separator: u8,
    layout: &Layout,
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    let mut line = Vec::new();
    if layout.header {
        for (index, field) in schema.fields().iter().enumerate() {
            if index > 0 {
                line.push(separator);
            }
            append_value(separator, field.name().as_bytes(), &mut line);
        }
        line.push(b'\n');
        out.write_all(&line)?;
    }
    let mut rows = 0;
    let mut value = Vec::new();
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            line.clear();
            for (index, column) in batch.columns().iter().enumerate() {
                if index > 0 {
                    line.push(separator);
                }
                append_cell(separator, column, row, &mut value, &mut line);
            }
            line.push(b'\n');
            out.write_all(&line)?;
            rows += 1;
        }
    }
    Ok(Written { rows, ..Written::default() })
}

fn append_cell(
    separator: u8,
    column: &ArrayRef,
    row: usize,
    value: &mut Vec<u8>,
    line: &mut Vec<u8>,
) {
    // `DataType::Null` has no validity of its own.
    if column.is_null(row) || column.logical_null_count() == column.len() {
        return;
    }
    value.clear();
    append_plain(column, row, value);
    append_value(separator, value, line);
}

fn append_value(separator: u8, value: &[u8], line: &mut Vec<u8>) {
    match separator {
        b'\t' => escape(value, line),
        _ => quote(separator, value, line),
    }
}

/// RFC 4180; the empty text is quoted, so that it is not null.
fn quote(separator: u8, value: &[u8], line: &mut Vec<u8>) {
    let special = |byte: &u8| *byte == separator || matches!(byte, b'"' | b'\n' | b'\r');
    if !value.is_empty() && !value.iter().any(special) {
        line.extend_from_slice(value);
        return;
    }
    line.push(b'"');
    for byte in value {
        if *byte == b'"' {
            line.push(b'"');
        }
        line.push(*byte);
    }
    line.push(b'"');
}

fn escape(value: &[u8], line: &mut Vec<u8>) {
    for byte in value {
        match byte {
            b'\t' => line.extend_from_slice(b"\\t"),
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            b'\\' => line.extend_from_slice(b"\\\\"),
            other => line.push(*other),
        }
    }
}
