//! Rows to lines of BED.

use arrow::array::RecordBatch;

use super::lines::RowLines;
use super::table::AS_THEY_ARE;
use super::values::{ColumnValues, Spelling, append_integer};
use super::vcf::start;
use crate::emit::{BED, Places};
use crate::model::{Error, Result};

/// Which columns a line has, by their numbers among those of the rows.
#[derive(Debug)]
pub struct BedLines {
    /// The contig.
    pub contig: usize,
    /// The start and the end, and whether the start is one-based.
    pub bases: [usize; 2],
    /// What follows: a dot stands for none.
    pub others: Vec<usize>,
}

impl RowLines for BedLines {
    fn append(&self, rows: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        // What would end a field or a line becomes a blank: BED knows no quotes.
        let values = |it: &usize| ColumnValues::new(rows.column(*it));
        let (contig, others) = (values(&self.contig), self.others.iter().map(values));
        let others: Vec<_> = others.collect();
        let spelling = Spelling { short: true, ..AS_THEY_ARE };
        for row in 0..rows.num_rows() {
            let bases = self.bases.map(|it| start(rows.column(it), row));
            let begin = out.len();
            let [Some(first), Some(end)] = bases else { return Err(no_place()) };
            if end < first {
                return Err(backwards(first, end));
            }
            if !contig.append(row, spelling, out) {
                return Err(no_place());
            }
            blanks(begin, out);
            out.push(b'\t');
            // A telomere, whose POS is 0, lies before the first base.
            append_integer(first.max(0), out);
            out.push(b'\t');
            append_integer(end, out);
            for it in &others {
                out.push(b'\t');
                let begin = out.len();
                if !it.append(row, spelling, out) || out.len() == begin {
                    out.push(b'.');
                }
                blanks(begin, out);
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn places(&self) -> Places {
        BED.places
    }
}

/// Blanks in the place of tabs and line breaks.
fn blanks(begin: usize, out: &mut [u8]) {
    for byte in out[begin..].iter_mut().filter(|it| matches!(it, b'\t' | b'\n' | b'\r')) {
        *byte = b' ';
    }
}

fn backwards(first: i64, end: i64) -> Error {
    Error::invalid(format!("a row ends before it begins: start is {first}, and end {end}"))
        .with_help("leave such rows out with a condition")
}

fn no_place() -> Error {
    Error::invalid("a row has no contig, start or end, which every line of BED has to have")
        .with_help("leave such rows out with a condition")
}
