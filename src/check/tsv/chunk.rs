//! What a chunk says about the file as a whole: its rows, without what is judged line by line.

use std::hash::Hasher as _;
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::lengths::Lengths;
use super::style::ContigStyle;
use crate::check::profile::TsvProfiler;
use crate::model::Result;
use crate::read::tsv::{Coordinates, Sink, TsvFile, bases, is_same_text};

/// What the chunks of a file have to know of it.
#[derive(Clone, Debug)]
pub struct Expected {
    coordinates: Option<Coordinates>,
    columns: usize,
    /// The column of REF, where rows have an end of their own.
    reference: Option<usize>,
    /// Whether rows have an end of their own.
    has_ends: bool,
    /// The header, where there is one.
    header: Option<Arc<[u8]>>,
}

impl Expected {
    /// Of a file that was opened.
    pub fn of(file: &TsvFile) -> Self {
        let reading = file.reading();
        let coordinates = reading.coordinates();
        let has_ends = coordinates.is_some_and(|it| it.end < reading.store.schema.len());
        Self {
            coordinates,
            columns: reading.columns().len(),
            reference: reading.reference_column().filter(|_| has_ends),
            has_ends,
            header: file.header().map(Arc::from),
        }
    }
}

fn hash(line: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(line);
    hasher.finish()
}

/// What a chunk says about the file as a whole.
pub struct RowChunk {
    expected: Expected,
    contig: Vec<u8>,
    /// The end of the row under way.
    end: Option<i64>,
    /// The bases of its REF.
    bases: Option<i64>,
    /// The contigs, each time that another one begins.
    contigs: Vec<Vec<u8>>,
    /// A hash of each row.
    pub hashes: Vec<u64>,
    /// Where each row lies.
    pub rows: Vec<RowPlace>,
    /// How long the rows are.
    pub lengths: Lengths,
    /// The styles of contig names, each where it came first.
    pub styles: Vec<SeenStyle>,
    /// What is in the rows.
    pub profile: TsvProfiler,
}

/// A row within its chunk.
pub struct RowPlace {
    /// Its line.
    pub line: u64,
    /// Whether it is the header once more.
    pub is_header: bool,
    /// Which of [`RowChunk::contigs`]; none where the row has none.
    contig: Option<usize>,
    /// The start; none where the row has none.
    start: Option<i64>,
}

/// A style of contig names, and where it came first.
pub struct SeenStyle {
    /// The style.
    pub style: ContigStyle,
    /// The line.
    pub line: u64,
    /// The contig.
    pub name: String,
}

impl RowChunk {
    /// Nothing yet.
    pub fn new(expected: Expected) -> Self {
        Self {
            contig: Vec::new(),
            end: None,
            bases: None,
            contigs: Vec::new(),
            hashes: Vec::new(),
            rows: Vec::new(),
            lengths: Lengths::default(),
            styles: Vec::new(),
            profile: TsvProfiler::new(expected.columns),
            expected,
        }
    }

    /// The contig and the start of a row, where it has both.
    pub fn place(&self, row: &RowPlace) -> Option<(&[u8], i64)> {
        Some((self.contigs.get(row.contig?)?.as_slice(), row.start?))
    }

    /// Takes the start or the end of the row under way.
    fn position(&mut self, column: usize, value: i64) {
        let Some(coordinates) = self.expected.coordinates else { return };
        if coordinates.end == column {
            self.end = Some(value);
        } else if coordinates.start == column
            && let Some(row) = self.rows.last_mut()
        {
            row.start = Some(value);
        }
    }
}

impl Sink for RowChunk {
    type Output = Self;

    fn expect_rows(&mut self, count: impl FnOnce() -> usize) {
        let count = count();
        self.hashes.reserve_exact(count);
        self.rows.reserve_exact(count);
    }

    fn begin_row(&mut self, line_number: u64, line: &[u8]) {
        self.hashes.push(hash(line));
        let is_header = self.expected.header.as_ref().is_some_and(|it| is_same_text(it, line));
        self.rows.push(RowPlace { line: line_number, is_header, contig: None, start: None });
    }

    fn null(&mut self, _: usize) {}
    fn int(&mut self, column: usize, value: i32) {
        self.position(column, value.into());
        self.profile.fields[column].number(f64::from(value));
    }
    #[allow(clippy::cast_precision_loss)] // a bound of what is there, for people
    fn long(&mut self, column: usize, value: i64) {
        self.position(column, value);
        self.profile.fields[column].number(value as f64);
    }
    fn float(&mut self, column: usize, value: f32) {
        self.profile.fields[column].number(f64::from(value));
    }
    fn double(&mut self, column: usize, value: f64) {
        self.profile.fields[column].number(value);
    }
    fn boolean(&mut self, column: usize, _: bool) {
        self.profile.fields[column].value();
    }

    fn text(&mut self, column: usize, value: &[u8]) {
        self.profile.fields[column].value();
        if self.expected.coordinates.is_none_or(|it| it.contig != column) {
            if self.expected.reference == Some(column) {
                // `N` stands beside symbols as well, whatever their length.
                self.bases = bases(value).filter(|_| value != b"N");
            }
            return;
        }
        let is_same = self.contig == value;
        if !is_same {
            self.contigs.push(value.to_vec());
        }
        if let Some(row) = self.rows.last_mut() {
            row.contig = self.contigs.len().checked_sub(1);
        }
        if is_same {
            return self.profile.same_contig();
        }
        self.profile.contig(value);
        self.contig.clear();
        self.contig.extend_from_slice(value);
        let Some(style) = ContigStyle::of(value) else { return };
        if !self.styles.iter().any(|it| it.style == style) {
            let name = String::from_utf8_lossy(value).into_owned();
            let line = self.rows.last().map_or(0, |it| it.line);
            self.styles.push(SeenStyle { style, line, name });
        }
    }

    fn end_row(&mut self) {
        if !self.expected.has_ends {
            return;
        }
        let (end, bases) = (self.end.take(), self.bases.take());
        if let Some(row) = self.rows.last()
            && let Some((start, end)) = row.start.zip(end)
        {
            self.lengths.add(row.line, end.saturating_sub(start), bases);
        }
    }

    fn finish(self) -> Result<Self> {
        Ok(self)
    }
}
