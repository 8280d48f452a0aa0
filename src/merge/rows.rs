//! The rows themselves: those of one stretch after the other, or merged where stretches overlap.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{Schema, SchemaRef};

use super::files::{OpenVersion, sql_table};
use super::order::{ContigOrder, Stretch};
use super::places::{RowPlace, places};
use crate::model::{Error, ErrorKind, Result};
use crate::query::{self, Answer, Engine, Options};

/// Rows that are put together from several stretches at once.
const MERGED_ROWS: usize = 4096;

/// Bytes of a batch, as its types tell: where batches are small, beginning and ending each column
/// of each takes longer than its values do.
const BATCH_BYTES: usize = 4 << 20;

/// Which rows, and which columns of them.
#[derive(Clone, Debug, Default)]
pub struct RowsWanted {
    /// The columns, each an expression of SQL.
    pub columns: Vec<String>,
    /// A condition in SQL; none for all rows.
    pub condition: Option<String>,
    /// Regions that rows have to overlap one of, as people write them; none for all.
    pub regions: Vec<String>,
}

/// The rows of a version by contig and start; rows of one place stay in the order of their files.
pub struct SortedRows {
    engine: Engine,
    wanted: RowsWanted,
    order: Arc<ContigOrder>,
    /// The columns of contig and start, behind those that are wanted; none where rows have no
    /// place.
    coordinates: Option<[String; 2]>,
    schema: SchemaRef,
    /// The regions that each file has rows on the contig of.
    regions: Vec<Vec<String>>,
    /// Those not opened yet, by their first place.
    waiting: VecDeque<Stretch>,
    open: Vec<OpenStretch>,
    /// An answer that was asked for the columns alone.
    ended: bool,
}

/// A stretch whose next row is known.
struct OpenStretch {
    number: usize,
    answer: Answer,
    batch: RecordBatch,
    /// The places of the rows of the batch; empty where rows have none.
    places: Vec<RowPlace>,
    row: usize,
}

impl SortedRows {
    /// The rows of a version with its contigs in an order.
    pub fn new(
        version: &OpenVersion,
        order: Arc<ContigOrder>,
        wanted: RowsWanted,
        options: &Options,
    ) -> Result<Self> {
        // One thread reads, so that rows come in the order of their file.
        let options = Options { threads: 1, batch_bytes: BATCH_BYTES, ..options.clone() };
        let engine = Engine::new(Arc::new(version.tables()?), options)?;
        let coordinates = version.coordinates().map(|it| [it.contig, it.start]);
        let mut waiting: Vec<Stretch> = match &coordinates {
            Some(_) => {
                let files = version.files().enumerate();
                files.flat_map(|(number, it)| order.stretches(number, it)).collect()
            }
            None => (0..version.files().count())
                .map(|file| Stretch { file, contigs: None, first: (0, 0) })
                .collect(),
        };
        let regions = version.regions_of_files(&wanted.regions)?;
        if !wanted.regions.is_empty() {
            waiting.retain(|it| !regions[it.file].is_empty());
        }
        waiting.sort_by_key(|it| (it.first, it.file));
        let mut new = Self {
            engine,
            wanted,
            order,
            coordinates,
            schema: Arc::new(Schema::empty()),
            regions,
            waiting: waiting.into(),
            open: Vec::new(),
            ended: false,
        };
        // Says what is wrong with the condition before anything is written, too.
        let none = new.engine.query(&new.sql(None, None, "LIMIT 0"), &new.wanted.regions)?;
        new.schema = none.schema();
        Ok(new)
    }

    /// The columns that were wanted; behind them, where rows have a place, `contig` and `start` of
    /// it.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn sql(&self, file: Option<usize>, contigs: Option<&[String]>, end: &str) -> String {
        let mut columns = self.wanted.columns.clone();
        let mut conditions = Vec::new();
        if let Some([contig, start]) = &self.coordinates {
            columns.push(format!("{} AS \"$contig\"", quoted(contig)));
            columns.push(format!("{} AS \"$start\"", quoted(start)));
            if let Some(contigs) = contigs {
                let names: Vec<_> = contigs.iter().map(|it| text(it)).collect();
                conditions.push(format!("{} IN ({})", quoted(contig), names.join(", ")));
            }
        }
        if let Some(condition) = &self.wanted.condition {
            conditions.push(format!("({condition}\n)"));
        }
        let mut sql = format!("SELECT {} FROM {}", columns.join(", "), sql_table(file));
        if !conditions.is_empty() {
            sql += &format!(" WHERE {}", conditions.join(" AND "));
        }
        format!("{sql} {end}")
    }

    /// Opens the stretches that may have the next row.
    fn open_next(&mut self) -> Result<()> {
        while let Some(next) = self.waiting.front() {
            let before = self.least().map(|it| self.open[it].key());
            // Rows without a place follow one another, file by file.
            let has_place = self.coordinates.is_some();
            if before.is_some_and(|it| !has_place || it < next.first) {
                return Ok(());
            }
            let Some(next) = self.waiting.pop_front() else { return Ok(()) };
            let sql = self.sql(Some(next.file), next.contigs.as_deref(), "");
            let answer = self.engine.query(&sql, &self.regions[next.file])?;
            let batch = RecordBatch::new_empty(self.schema.clone());
            let (number, places) = (next.file, Vec::new());
            let mut open = OpenStretch { number, answer, batch, places, row: 0 };
            if open.refill(&self.order, has_place)? {
                self.open.push(open);
            }
        }
        Ok(())
    }

    /// The open stretch that has the next row.
    fn least(&self) -> Option<usize> {
        (0..self.open.len()).min_by(|one, other| self.open[*one].before(&self.open[*other]))
    }

    /// The place before which the rows of a stretch may go out at once.
    fn bound(&self, of: usize) -> Option<RowPlace> {
        let others = self.open.iter().enumerate().filter(|(it, _)| *it != of);
        let others = others.map(|(_, it)| it.key());
        others.chain(self.waiting.front().map(|it| it.first)).min()
    }

    fn next_rows(&mut self) -> Result<Option<RecordBatch>> {
        self.open_next()?;
        let Some(least) = self.least() else { return Ok(None) };
        let bound = self.bound(least).filter(|_| self.coordinates.is_some());
        let open = &self.open[least];
        let end = bound.map_or(open.batch.num_rows(), |it| open.before_place(it));
        // The whole rest of a batch, or at least a good part of it.
        if end == open.batch.num_rows() || end - open.row >= MERGED_ROWS / 4 {
            let rows = open.batch.slice(open.row, end - open.row);
            self.advance(least, end)?;
            return Ok(Some(rows));
        }
        self.merged().map(Some)
    }

    /// Some thousand rows of several stretches, in their order.
    fn merged(&mut self) -> Result<RecordBatch> {
        let mut batches: Vec<RecordBatch> = Vec::new();
        let mut held: Vec<Option<*const u8>> = Vec::new();
        let mut picked = Vec::with_capacity(MERGED_ROWS);
        while picked.len() < MERGED_ROWS {
            self.open_next()?;
            let Some(least) = self.least() else { break };
            let open = &self.open[least];
            // A stretch stands at one batch for many rows.
            let identity = open.batch.columns().last().map(|it| Arc::as_ptr(it).cast());
            let place = held.iter().position(|it| *it == identity).unwrap_or_else(|| {
                held.push(identity);
                batches.push(open.batch.clone());
                batches.len() - 1
            });
            picked.push((place, open.row));
            let row = open.row + 1;
            self.advance(least, row)?;
        }
        let batches: Vec<_> = batches.iter().collect();
        interleave_record_batch(&batches, &picked).map_err(unfit)
    }

    /// Goes on to a row of a stretch; closes it where it has no more.
    fn advance(&mut self, stretch: usize, row: usize) -> Result<()> {
        let open = &mut self.open[stretch];
        open.row = row;
        if row == open.batch.num_rows() && !open.refill(&self.order, self.coordinates.is_some())? {
            self.open.remove(stretch);
        }
        Ok(())
    }
}

/// Asks something of all rows of a version that are wanted, such as which values there are: a list
/// of expressions, of the table and what is joined to it.
pub fn ask(
    version: &OpenVersion,
    wanted: &RowsWanted,
    options: &Options,
    (columns, joined): (&str, &str),
) -> Result<Vec<RecordBatch>> {
    let engine = Engine::new(Arc::new(version.tables()?), options.clone())?;
    let condition = wanted.condition.as_deref().unwrap_or("true");
    let table = sql_table(None);
    let sql = format!("SELECT {columns} FROM {table} {joined} WHERE ({condition}\n)");
    engine.query(&sql, &wanted.regions)?.collect()
}

/// Checks that this is a condition on the rows of a version; the error speaks of its columns as the
/// condition may.
pub fn check_condition(version: &OpenVersion, condition: &str, options: &Options) -> Result<()> {
    // Rows would no longer come in the order of their file.
    query::check_condition(condition)?;
    let engine = Engine::new(Arc::new(version.tables()?), options.clone())?;
    let table = sql_table(None);
    let sql = format!("SELECT 1 FROM {table} WHERE ({condition}\n) LIMIT 0");
    let Err(error) = engine.query(&sql, &[]) else { return Ok(()) };
    if error.kind() != ErrorKind::InvalidInput {
        return Err(error);
    }
    let named = |it: &str| it.replace(&format!("{table}."), "").replace(&table, &version.name());
    let mut plain = Error::new(error.kind(), named(error.message()));
    for (key, value) in error.context() {
        plain = plain.with(key, named(value));
    }
    Err(match error.help().map(named) {
        Some(help) => plain.with_help(help),
        None => plain,
    })
}

impl Iterator for SortedRows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let rows = self.next_rows();
        self.ended = !matches!(rows, Ok(Some(_)));
        rows.transpose()
    }
}

impl OpenStretch {
    /// Takes the next batch; false where there is none.
    fn refill(&mut self, order: &ContigOrder, has_place: bool) -> Result<bool> {
        while let Some(batch) = self.answer.next_batch()? {
            if batch.num_rows() == 0 {
                continue;
            }
            self.places = if has_place { places(&batch, order) } else { Vec::new() };
            (self.batch, self.row) = (batch, 0);
            return Ok(true);
        }
        Ok(false)
    }

    fn key(&self) -> RowPlace {
        self.places.get(self.row).copied().unwrap_or_default()
    }

    fn before(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key()).then(self.number.cmp(&other.number))
    }

    /// The first row that does not lie before a place, or the one behind the next row: that goes at
    /// any rate, as the least of all.
    fn before_place(&self, place: RowPlace) -> usize {
        let rest = self.places.get(self.row..).unwrap_or_default();
        self.row + rest.partition_point(|it| *it < place).max(1).min(rest.len())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn unfit(error: arrow::error::ArrowError) -> Error {
    Error::internal("rows of several files cannot be put together").with_source(error)
}
