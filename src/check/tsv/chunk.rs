//! What a chunk says about the file as a whole: its rows, without what is judged line by line.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use super::style::ContigStyle;
use crate::check::profile::TsvProfiler;
use crate::model::Result;
use crate::read::tsv::{Coordinates, Sink};

/// What a chunk says about the file as a whole.
pub struct RowChunk {
    coordinates: Option<Coordinates>,
    contig: Vec<u8>,
    /// The contigs, each time that another one begins.
    contigs: Vec<Vec<u8>>,
    /// A hash of each row.
    pub hashes: Vec<u64>,
    /// Where each row lies.
    pub rows: Vec<RowPlace>,
    /// The styles of contig names, each where it came first.
    pub styles: Vec<SeenStyle>,
    /// What is in the rows.
    pub profile: TsvProfiler,
}

/// A row within its chunk.
pub struct RowPlace {
    /// Its line.
    pub line: u64,
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
    /// Nothing yet, for a file whose rows have so many columns.
    pub fn new(coordinates: Option<Coordinates>, columns: usize) -> Self {
        Self {
            coordinates,
            contig: Vec::new(),
            contigs: Vec::new(),
            hashes: Vec::new(),
            rows: Vec::new(),
            styles: Vec::new(),
            profile: TsvProfiler::new(columns),
        }
    }

    /// The contig and the start of a row, where it has both.
    pub fn place(&self, row: &RowPlace) -> Option<(&[u8], i64)> {
        Some((self.contigs.get(row.contig?)?.as_slice(), row.start?))
    }

    /// Takes the start of the row under way.
    fn start(&mut self, column: usize, value: i64) {
        if self.coordinates.is_some_and(|it| it.start == column)
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
        let mut hasher = FxHasher::default();
        hasher.write(line);
        self.hashes.push(hasher.finish());
        self.rows.push(RowPlace { line: line_number, contig: None, start: None });
    }

    fn null(&mut self, _: usize) {}
    fn int(&mut self, column: usize, value: i32) {
        self.start(column, value.into());
        self.profile.fields[column].number(f64::from(value));
    }
    #[allow(clippy::cast_precision_loss)] // a bound of what is there, for people
    fn long(&mut self, column: usize, value: i64) {
        self.start(column, value);
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
        if self.coordinates.is_none_or(|it| it.contig != column) {
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

    fn finish(self) -> Result<Self> {
        Ok(self)
    }
}
