//! Boxed columns for people.

use std::borrow::Cow;
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

/// The text of a cell.
struct Field {
    text: String,
    kind: CellKind,
}

#[derive(Clone, Copy, PartialEq)]
enum CellKind {
    /// It stands at the right and is never cut: the rest would be another number.
    Number,
    /// It is cut, but not within a number.
    Nested,
    /// It is cut anywhere.
    Text,
}

impl Field {
    /// The text in so many characters, with a sign where some of it is left out.
    fn shown(&self, limit: usize) -> Cow<'_, str> {
        let text = self.text.as_str();
        if self.kind == CellKind::Number || text.chars().nth(limit).is_none() {
            return text.into();
        }
        let end = text.char_indices().nth(limit.saturating_sub(1)).map_or(0, |(at, _)| at);
        let last = text[..end].rfind(['[', '{', '=', ' ']).map_or(0, |at| at + 1);
        let number =
            text[last..end].trim_start_matches('-').starts_with(|it: char| it.is_ascii_digit());
        let kept = if self.kind == CellKind::Nested && number { last } else { end };
        format!("{}…", &text[..kept]).into()
    }
}

fn fields(batch: &RecordBatch, row: usize) -> Vec<Field> {
    batch.columns().iter().map(|column| field(column, row)).collect()
}

fn field(column: &ArrayRef, row: usize) -> Field {
    let mut text = String::new();
    append(column, row, &mut text);
    let kind = match cell(column, row) {
        Cell::Number(_) | Cell::NotANumber(_) => CellKind::Number,
        Cell::List(_) | Cell::Map(..) | Cell::Struct(_) => CellKind::Nested,
        Cell::Null | Cell::Boolean(_) | Cell::Text(_) => CellKind::Text,
    };
    Field { text, kind }
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
            Field { text, kind: CellKind::Text }
        };
        let headers = schema.fields().iter().map(|it| header(it.name())).collect();
        Self { limit: cell_width.unwrap_or(usize::MAX), headers, widths: Vec::new() }
    }

    /// Settles the widths and prints the head and the rows that settled them.
    fn begin(&mut self, rows: &[Vec<Field>], out: &mut dyn Write) -> io::Result<bool> {
        let width = |column: usize| {
            let cells = rows.iter().map(|row| &row[column]).chain([&self.headers[column]]);
            cells.map(|it| it.shown(self.limit).chars().count()).max().unwrap_or(0)
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
            // Where nothing limits a cell, one that is wider than those measured breaks the box
            // rather than lose its end.
            let limit = if self.limit == usize::MAX { usize::MAX } else { *width };
            let shown = cell.shown(limit);
            cut |= matches!(shown, Cow::Owned(_));
            let padding = " ".repeat(width.saturating_sub(shown.chars().count()));
            let number = cell.kind == CellKind::Number;
            line.push_str("| ");
            line.push_str(if number { &padding } else { &shown });
            line.push_str(if number { &shown } else { &padding });
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
