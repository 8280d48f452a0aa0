//! Rows to lines of TSV and CSV, as an import reads them.

use arrow::array::RecordBatch;

use super::lines::RowLines;
use super::values::{ColumnValues, Spelling, append_integer};
use super::vcf::start;
use crate::emit::{NO_CODES, Places};
use crate::model::Result;

/// What a line has of each column, in order.
#[derive(Debug)]
pub struct TableLines {
    /// The columns, by their numbers among those of the rows.
    pub columns: Vec<usize>,
    /// A column of positions that go out one-based, and lie zero-based in the rows.
    pub one_based: Option<usize>,
    /// What separates fields.
    pub separator: u8,
    /// Where a line says what it covers.
    pub places: Places,
}

/// Values as they are.
pub const AS_THEY_ARE: Spelling = Spelling { codes: &NO_CODES, separator: b',', short: false };

impl RowLines for TableLines {
    fn append(&self, rows: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let columns: Vec<_> = self.columns.iter().map(|it| rows.column(*it)).collect();
        let values: Vec<_> = columns.iter().map(|it| ColumnValues::new(it)).collect();
        let one_based = self.one_based.and_then(|it| self.columns.iter().position(|at| *at == it));
        for row in 0..rows.num_rows() {
            let from = out.len();
            let mut first_end = from;
            for (index, values) in values.iter().enumerate() {
                if index > 0 {
                    out.push(self.separator);
                }
                let begin = out.len();
                if one_based == Some(index) {
                    if let Some(start) = start(columns[index], row) {
                        append_integer(start.wrapping_add(1), out);
                    }
                } else if values.append(row, AS_THEY_ARE, out) {
                    quote(self.separator, begin, out);
                }
                if index == 0 {
                    first_end = out.len();
                }
            }
            // A line of blanks would be none.
            if out[from..].iter().all(|it| *it <= b' ') {
                out.insert(first_end, b'"');
                out.insert(from, b'"');
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn places(&self) -> Places {
        self.places
    }
}

/// Appends the line of the names of columns.
pub fn append_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
    separator: u8,
    out: &mut Vec<u8>,
) {
    for (index, name) in names.into_iter().enumerate() {
        if index > 0 {
            out.push(separator);
        }
        let begin = out.len();
        out.extend_from_slice(name.as_bytes());
        quote(separator, begin, out);
    }
    out.push(b'\n');
}

/// Puts the value from `begin` on between quotes where it would be read as another: a backslash
/// stands before quotes and backslashes there, as the service's reader takes them.
fn quote(separator: u8, begin: usize, out: &mut Vec<u8>) {
    let value = &out[begin..];
    let is_special = |it: &u8| *it == separator || matches!(it, b'\n' | b'\r' | 0);
    if value.first() != Some(&b'"') && !value.iter().any(is_special) {
        return;
    }
    let value = out.split_off(begin);
    out.push(b'"');
    for byte in value {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}
