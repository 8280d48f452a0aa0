//! Boxed columns for people.

use std::io::{self, Write};

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;

use super::cell::{Cell, cell};
use super::form::{AnswerFormat, Batches, Failure, Layout, Written};

/// The rows that decide how wide columns are. Later cells that are wider are cut, so that no more
/// than these are kept in memory.
const MEASURED: usize = 1000;

/// Boxed columns for people.
pub static TABLE: AnswerFormat =
    AnswerFormat { name: "table", extensions: &["txt"], is_binary: false, write };

/// A boxed table; a line with the number of rows is the caller's.
fn write(
    layout: &Layout,
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    let mut table = Table::new(layout.cell_width, schema);
    let mut written = Written::default();
    let mut measured: Vec<Vec<Field>> = Vec::new();
    let mut begun = false;
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            let cells = fields(&batch, row);
            written.rows += 1;
            if begun {
                written.cut |= table.row(&cells, out)?;
                continue;
            }
            measured.push(cells);
            if measured.len() == MEASURED {
                written.cut |= table.begin(&measured, out)?;
                measured = Vec::new();
                begun = true;
            }
        }
    }
    if !begun {
        written.cut |= table.begin(&measured, out)?;
    }
    out.write_all(table.line().as_bytes())?;
    Ok(written)
}

/// The text of a cell, and whether it stands at the right.
struct Field {
    text: String,
    number: bool,
}

fn fields(batch: &RecordBatch, row: usize) -> Vec<Field> {
    batch.columns().iter().map(|column| field(column, row)).collect()
}

fn field(column: &ArrayRef, row: usize) -> Field {
    let mut text = String::new();
    append(column, row, &mut text);
    let number = matches!(cell(column, row), Cell::Number(_) | Cell::NotANumber(_));
    Field { text, number }
}

/// Trino's manner: `[a, b]`, `{key=value}`.
fn append(column: &ArrayRef, row: usize, out: &mut String) {
    match cell(column, row) {
        Cell::Null => out.push_str("NULL"),
        Cell::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Cell::Number(text) => out.push_str(&text),
        Cell::NotANumber(text) => out.push_str(text),
        Cell::Text(text) => append_harmless(&text, out),
        Cell::List(values) => {
            let one = |index: usize, out: &mut String| append(&values, index, out);
            join('[', ']', values.len(), one, out);
        }
        Cell::Map(keys, values) => {
            let one = |index: usize, out: &mut String| {
                append(&keys, index, out);
                out.push('=');
                append(&values, index, out);
            };
            join('{', '}', keys.len(), one, out);
        }
        Cell::Struct(fields) => {
            let one = |index: usize, out: &mut String| {
                let (name, values) = fields[index];
                append_harmless(name, out);
                out.push('=');
                append(values, row, out);
            };
            join('{', '}', fields.len(), one, out);
        }
    }
}

fn join(open: char, close: char, count: usize, one: impl Fn(usize, &mut String), out: &mut String) {
    out.push(open);
    for index in 0..count {
        if index > 0 {
            out.push_str(", ");
        }
        one(index, out);
    }
    out.push(close);
}

/// Text of a file must not steer the terminal: control characters and those that turn the direction
/// of writing are escaped.
fn append_harmless(text: &str, out: &mut String) {
    for character in text.chars() {
        let steers = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(character, '\u{2066}'..='\u{2069}' | '\u{feff}');
        if steers {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
}

struct Table {
    limit: usize,
    headers: Vec<Field>,
    widths: Vec<usize>,
}

impl Table {
    fn new(cell_width: Option<usize>, schema: &SchemaRef) -> Self {
        let header = |name: &str| {
            let mut text = String::new();
            append_harmless(name, &mut text);
            Field { text, number: false }
        };
        let headers = schema.fields().iter().map(|it| header(it.name())).collect();
        Self { limit: cell_width.unwrap_or(usize::MAX), headers, widths: Vec::new() }
    }

    /// Settles the widths and prints the head and the rows that settled them.
    fn begin(&mut self, rows: &[Vec<Field>], out: &mut dyn Write) -> io::Result<bool> {
        let width = |column: usize| {
            let cells = rows.iter().map(|row| &row[column]).chain([&self.headers[column]]);
            cells.map(|it| it.text.chars().count()).max().unwrap_or(0).min(self.limit)
        };
        self.widths = (0..self.headers.len()).map(width).collect();
        out.write_all(self.line().as_bytes())?;
        let mut cut = self.row(&self.headers, out)?;
        out.write_all(self.line().as_bytes())?;
        for row in rows {
            cut |= self.row(row, out)?;
        }
        Ok(cut)
    }

    fn row(&self, cells: &[Field], out: &mut dyn Write) -> io::Result<bool> {
        let mut line = String::new();
        let mut cut = false;
        for (cell, width) in cells.iter().zip(&self.widths) {
            let length = cell.text.chars().count();
            // Where nothing limits a cell, one that is wider than those measured breaks the box
            // rather than lose its end.
            let fits = length <= *width || self.limit == usize::MAX;
            let shown: String = if fits {
                cell.text.clone()
            } else {
                cell.text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
            };
            cut |= !fits;
            let padding = " ".repeat(width.saturating_sub(length));
            line.push_str("| ");
            line.push_str(if cell.number { &padding } else { &shown });
            line.push_str(if cell.number { &shown } else { &padding });
            line.push(' ');
        }
        line.push_str("|\n");
        out.write_all(line.as_bytes())?;
        Ok(cut)
    }

    fn line(&self) -> String {
        let mut line = String::new();
        for width in &self.widths {
            line.push('+');
            line.push_str(&"-".repeat(width + 2));
        }
        line.push_str("+\n");
        line
    }
}
