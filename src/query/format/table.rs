//! Boxed columns for people.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;

use super::form::{AnswerFormat, Batches, Failure, Layout, Written};
use super::shown::{Shown, shown};

/// The rows that decide how wide columns are. Later cells that are wider are cut, so that no more
/// than these are kept in memory.
const MEASURED: usize = 1000;

/// Boxed columns for people.
pub static TABLE: AnswerFormat =
    AnswerFormat { name: "table", extensions: &["txt"], is_binary: false, has_header: true, write };

/// A boxed table; a line with the number of rows is the caller's.
fn write(
    layout: &Layout,
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    let mut table = Table::new(layout, schema);
    let mut written = Written::default();
    let mut measured: Vec<RecordBatch> = Vec::new();
    let mut begun = false;
    for batch in batches {
        let batch = batch?;
        let rows = u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
        written.rows += rows;
        if begun {
            table.rows(&batch, out)?;
            continue;
        }
        measured.push(batch);
        if written.rows >= MEASURED as u64 {
            table.begin(&measured, out)?;
            measured.clear();
            begun = true;
        }
    }
    if !begun {
        table.begin(&lines_apart(measured), out)?;
    }
    out.write_all(table.line().as_bytes())?;
    written.cut = table.has_cut;
    written.columns_left_out = table.widths.len() - table.left - table.right;
    Ok(written)
}

/// An answer that is one text of several lines, as SHOW CREATE TABLE gives, with a row for each.
fn lines_apart(batches: Vec<RecordBatch>) -> Vec<RecordBatch> {
    let [batch] = batches.as_slice() else { return batches };
    let [column] = batch.columns() else { return batches };
    match column.as_string_opt::<i32>() {
        Some(text) if text.len() == 1 && text.is_valid(0) => {
            let lines = StringArray::from(text.value(0).split('\n').collect::<Vec<_>>());
            match RecordBatch::try_new(batch.schema(), vec![Arc::new(lines)]) {
                Ok(lines) => vec![lines],
                Err(_) => batches,
            }
        }
        _ => batches,
    }
}

struct Table<'a> {
    layout: &'a Layout,
    schema: &'a SchemaRef,
    /// The most characters of a cell.
    limit: usize,
    widths: Vec<usize>,
    /// How many columns stand at the left, and how many at the right of those left out.
    left: usize,
    right: usize,
    has_cut: bool,
}

/// The characters that a cell may be narrowed to, so that all columns fit the screen.
const NARROW: usize = 24;

/// What stands in place of columns that are left out, and how much room it takes.
const GAP: &str = "| … ";
const GAP_WIDTH: usize = 4;

impl<'a> Table<'a> {
    fn new(layout: &'a Layout, schema: &'a SchemaRef) -> Self {
        let limit = layout.cell_width.unwrap_or(usize::MAX);
        let (left, right) = (schema.fields().len(), 0);
        Self { layout, schema, limit, widths: Vec::new(), left, right, has_cut: false }
    }

    /// Settles the widths and prints the head and the rows that settled them.
    fn begin(&mut self, measured: &[RecordBatch], out: &mut dyn Write) -> io::Result<()> {
        self.measure(measured);
        if let Some(screen) = self.layout.width {
            // Narrower cells before fewer columns.
            if self.width(self.limit) > screen && self.limit > NARROW {
                let mut narrower = (NARROW..self.limit).rev();
                self.limit = narrower.find(|it| self.width(*it) <= screen).unwrap_or(NARROW);
                self.measure(measured);
            }
            self.leave_out(screen);
        }
        out.write_all(self.line().as_bytes())?;
        if self.layout.header {
            let head = self.line_of(|table, column| table.name(column, table.widths[column]));
            out.write_all(head.as_bytes())?;
            out.write_all(self.line().as_bytes())?;
        }
        measured.iter().try_for_each(|batch| self.rows(batch, out))
    }

    fn measure(&mut self, measured: &[RecordBatch]) {
        let width = |column: usize| {
            let cells = measured.iter().flat_map(|batch| {
                let cell = |row| shown(batch.column(column), row, self.limit).width();
                (0..batch.num_rows()).map(cell)
            });
            let name = self.layout.header.then(|| self.name(column, self.limit).width());
            cells.chain(name).max().unwrap_or(0)
        };
        self.widths = (0..self.schema.fields().len()).map(width).collect();
    }

    fn name(&self, column: usize, limit: usize) -> Shown {
        Shown::of_text(self.schema.field(column).name(), limit)
    }

    /// The characters of a line with all columns, of cells that are no wider than this.
    fn width(&self, limit: usize) -> usize {
        self.widths.iter().map(|it| it.min(&limit) + 3).sum::<usize>() + 1
    }

    /// Leaves out columns in the middle until the others fit: the first ones say what a row is,
    /// and the last ones are mostly what was asked for besides.
    fn leave_out(&mut self, screen: usize) {
        let columns = self.widths.len();
        if self.width(usize::MAX) <= screen || columns < 2 {
            return;
        }
        let mut room = screen.saturating_sub(GAP_WIDTH + 1);
        (self.left, self.right) = (0, 0);
        while self.left + self.right < columns {
            let at_left = self.left <= self.right;
            let column = if at_left { self.left } else { columns - self.right - 1 };
            let needed = self.widths[column] + 3;
            // A first column that is wider than the screen is better than none.
            if needed > room && self.left > 0 {
                return;
            }
            room = room.saturating_sub(needed);
            if at_left { self.left += 1 } else { self.right += 1 }
        }
    }

    fn rows(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> io::Result<()> {
        for row in 0..batch.num_rows() {
            let line = self.line_of(|table, column| {
                // Where nothing limits a cell, one that is wider than those measured breaks the
                // box rather than lose its end.
                let limit =
                    if table.limit == usize::MAX { usize::MAX } else { table.widths[column] };
                shown(batch.column(column), row, limit)
            });
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    /// The columns that are shown; none in place of those left out.
    fn shown_columns(&self) -> impl Iterator<Item = Option<usize>> + use<> {
        let columns = self.widths.len();
        let gap = (self.left + self.right < columns).then_some(None);
        let right = (columns - self.right..columns).map(Some);
        (0..self.left).map(Some).chain(gap).chain(right)
    }

    fn line_of(&mut self, cell: impl Fn(&Self, usize) -> Shown) -> String {
        let mut line = String::new();
        for column in self.shown_columns() {
            let Some(column) = column else {
                line.push_str(GAP);
                continue;
            };
            let cell = cell(self, column);
            self.has_cut |= cell.is_cut;
            let padding = " ".repeat(self.widths[column].saturating_sub(cell.width()));
            let (before, behind) =
                if cell.is_number { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.push_str(&format!("| {before}{}{behind} ", cell.text));
        }
        line.push_str("|\n");
        line
    }

    fn line(&self) -> String {
        let width = |column: Option<usize>| column.map_or(1, |it| self.widths[it]);
        let lines = self.shown_columns().map(|it| "-".repeat(width(it) + 2));
        lines.fold(String::new(), |all, line| all + "+" + &line) + "+\n"
    }
}
