//! The order of rows: by contig, in order of first appearance, and start. What a file covers.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, RecordBatch};
use arrow::compute::{filter_record_batch, not};
use arrow::datatypes::{Int32Type, Int64Type, Schema};

use super::gather::Run;
use super::unsound;
use crate::model::{ColumnType, Error, HeaderKey, Result, SchemaColumn, TsvStoreOptions};
use crate::read::tsv::END_COLUMN;

/// The place of a row: the rank of its contig, and its start.
pub type Key = (u32, i64);

/// The stretch of one contig that some rows cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The contig's name.
    pub contig: String,
    /// The lowest start, zero-based.
    pub min_start: i64,
    /// The highest end, zero-based, not included.
    pub max_end: i64,
    /// How many rows.
    pub rows: u64,
}

/// What the rows of one contig cover.
#[derive(Clone, Copy, Debug)]
struct Span {
    min_start: i64,
    max_end: i64,
    rows: u64,
}

impl Span {
    /// The bounds of no row.
    const NOTHING: Self = Self { min_start: i64::MAX, max_end: i64::MIN, rows: 0 };

    fn add(&mut self, more: Self) {
        self.min_start = self.min_start.min(more.min_start);
        self.max_end = self.max_end.max(more.max_end);
        self.rows += more.rows;
    }
}

/// What rows cover, by the ranks of their contigs.
#[derive(Debug, Default)]
pub struct Coverage(BTreeMap<u32, Span>);

impl Coverage {
    fn extend(&mut self, spans: impl IntoIterator<Item = (u32, Span)>) {
        for (rank, span) in spans {
            self.0.entry(rank).or_insert(Span::NOTHING).add(span);
        }
    }

    /// Adds what more rows cover.
    pub fn merge(&mut self, more: Self) {
        self.extend(more.0);
    }
}

impl GroupOrder {
    /// Any order will do.
    pub fn none() -> Self {
        let (first, last) = (Key::default(), Key::default());
        Self { first, last, runs: None, covered: Coverage::default() }
    }
}

/// Ranks contigs by their first appearance in the input.
#[derive(Debug, Default)]
pub struct Contigs {
    ranks: HashMap<String, u32>,
    names: Vec<String>,
}

/// The columns by which the rows of a store are ordered, by name. A GENERIC TSV store has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoordinateNames {
    /// The contig: a text column.
    pub contig: String,
    /// The start: an integer column.
    pub start: String,
    /// The end: an integer column.
    pub end: String,
}

impl CoordinateNames {
    /// Those of a VCF store.
    pub fn vcf() -> Self {
        Self { contig: "contigname".to_owned(), start: "start".to_owned(), end: "end".to_owned() }
    }

    /// Those of a GFF store.
    pub fn gff() -> Self {
        Self { contig: "seqid".to_owned(), start: "start".to_owned(), end: "end".to_owned() }
    }

    /// Those of a TSV store with these options; none for GENERIC rows, which have no place.
    pub fn tsv(options: &TsvStoreOptions) -> Option<Self> {
        let column = |key: HeaderKey| options.format_to_header.get(&key).cloned();
        let keys = options.annotation_type.required_keys();
        if keys.is_empty() {
            return None;
        }
        let (start, end) = if keys.contains(&HeaderKey::Pos) {
            (column(HeaderKey::Pos)?, END_COLUMN.to_owned())
        } else {
            (column(HeaderKey::Start)?, column(HeaderKey::End)?)
        };
        Some(Self { contig: column(HeaderKey::Chr)?, start, end })
    }

    /// Where they stand in a schema.
    pub fn within(&self, schema: &Schema) -> Result<OrderColumns> {
        let index = |name: &str| {
            let index = schema.index_of(name);
            index.map_err(|error| {
                Error::internal("the schema has no coordinates").with_source(error)
            })
        };
        Ok(OrderColumns {
            contig: index(&self.contig)?,
            start: index(&self.start)?,
            end: index(&self.end)?,
        })
    }
}

/// The columns of a TSV store on disk: those of its schema, and `end` where its annotation type
/// makes one.
pub fn tsv_columns(options: &TsvStoreOptions) -> Vec<SchemaColumn> {
    let mut columns = options.schema.clone();
    let names = CoordinateNames::tsv(options);
    if names.is_some_and(|it| columns.iter().all(|column| column.name != it.end)) {
        columns.push(SchemaColumn { name: END_COLUMN.to_owned(), data_type: ColumnType::Int });
    }
    columns
}

/// Where the order columns stand in a schema.
#[derive(Clone, Copy, Debug)]
pub struct OrderColumns {
    /// The contig.
    pub contig: usize,
    /// The start.
    pub start: usize,
    /// The end.
    pub end: usize,
}

/// The order of the rows of a group.
#[derive(Debug)]
pub struct GroupOrder {
    /// The place of the first row, once sorted.
    pub first: Key,
    /// The place of the last row, once sorted.
    pub last: Key,
    /// The rows, sorted, in stretches that stand together in the input; none where all are in order
    /// already.
    pub runs: Option<Vec<Run>>,
    /// What the rows cover.
    pub covered: Coverage,
}

impl Contigs {
    fn rank(&mut self, name: &str) -> u32 {
        if let Some(rank) = self.ranks.get(name) {
            return *rank;
        }
        let rank = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.ranks.insert(name.to_owned(), rank);
        self.names.push(name.to_owned());
        rank
    }

    /// Looks at the rows of a group, which come in the order of the input.
    pub fn order(&mut self, batches: &[RecordBatch], columns: OrderColumns) -> GroupOrder {
        let mut keys: Vec<Key> =
            Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        let mut covered = Coverage::default();
        for batch in batches {
            self.add_batch(batch, columns, &mut keys, &mut covered);
        }
        let runs = if keys.is_sorted() { None } else { Some(sort(&mut keys, batches)) };
        let first = keys.first().copied().unwrap_or_default();
        let last = keys.last().copied().unwrap_or_default();
        GroupOrder { first, last, runs, covered }
    }

    /// What rows cover, with the names of the contigs, in the order of their first appearance.
    pub fn covered(&self, coverage: &Coverage) -> Vec<Covered> {
        let named = |(rank, span): (&u32, &Span)| Covered {
            contig: self.names[*rank as usize].clone(),
            min_start: span.min_start,
            max_end: span.max_end,
            rows: span.rows,
        };
        coverage.0.iter().map(named).collect()
    }

    /// Parts rows that are to be followed by others: those that can be written now, and those that
    /// start less than `reach` bases before the last one, which later ones may still have to come
    /// before. All can be written where all are that near.
    pub fn hold_back(
        &mut self,
        batches: Vec<RecordBatch>,
        columns: OrderColumns,
        reach: i64,
    ) -> Result<(Vec<RecordBatch>, Vec<RecordBatch>)> {
        let mut keys = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        for batch in &batches {
            self.add_batch(batch, columns, &mut keys, &mut Coverage::default());
        }
        let (rank, start) = keys.iter().max().copied().unwrap_or_default();
        let from = (rank, start.saturating_sub(reach));
        if keys.iter().all(|it| *it >= from) {
            return Ok((batches, Vec::new()));
        }
        let (mut now, mut later) = (Vec::new(), Vec::new());
        let mut keys = keys.iter();
        for batch in batches {
            let waits: BooleanArray =
                keys.by_ref().take(batch.num_rows()).map(|it| Some(*it >= from)).collect();
            match waits.true_count() {
                0 => now.push(batch),
                count if count == batch.num_rows() => later.push(batch),
                _ => {
                    let goes = not(&waits).map_err(unsound)?;
                    now.push(filter_record_batch(&batch, &goes).map_err(unsound)?);
                    later.push(filter_record_batch(&batch, &waits).map_err(unsound)?);
                }
            }
        }
        Ok((now, later))
    }

    fn add_batch(
        &mut self,
        batch: &RecordBatch,
        columns: OrderColumns,
        keys: &mut Vec<Key>,
        covered: &mut Coverage,
    ) {
        let contigs = batch.column(columns.contig).as_string::<i32>();
        let starts = Integers::of(batch.column(columns.start));
        let ends = Integers::of(batch.column(columns.end));
        // What the rows of the contig under way cover, which go to the others when it ends.
        let mut current: Option<(u32, Span)> = None;
        for row in 0..batch.num_rows() {
            let name = contigs.value(row);
            let same = current.filter(|it| self.names[it.0 as usize] == name);
            let (rank, mut span) = same.unwrap_or_else(|| {
                covered.extend(current);
                (self.rank(name), Span::NOTHING)
            });
            let start = starts.value(row);
            span.add(Span {
                min_start: start.unwrap_or(i64::MAX),
                max_end: ends.value(row).unwrap_or(i64::MIN),
                rows: 1,
            });
            current = Some((rank, span));
            // Rows without a start come before the others of their contig.
            keys.push((rank, start.unwrap_or(i64::MIN)));
        }
        covered.extend(current);
    }
}

/// A column of integers of either width.
enum Integers<'a> {
    Int(&'a Int32Array),
    Long(&'a Int64Array),
}

impl<'a> Integers<'a> {
    fn of(array: &'a ArrayRef) -> Self {
        match array.as_primitive_opt::<Int32Type>() {
            Some(array) => Self::Int(array),
            None => Self::Long(array.as_primitive::<Int64Type>()),
        }
    }

    fn value(&self, row: usize) -> Option<i64> {
        match self {
            Self::Int(array) => array.is_valid(row).then(|| i64::from(array.value(row))),
            Self::Long(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// Sorts the keys of the rows of batches stably, and gives the rows in their new order.
fn sort(keys: &mut [Key], batches: &[RecordBatch]) -> Vec<Run> {
    // A group has far fewer than 2^32 rows.
    let mut rows: Vec<u32> = (0..u32::try_from(keys.len()).unwrap_or(u32::MAX)).collect();
    rows.sort_by_key(|it| keys[*it as usize]);
    keys.sort_unstable();
    runs(rows.into_iter().map(|it| it as usize), batches)
}

/// The stretches of rows, counted through all batches, that stand one after the other in a batch.
fn runs(rows: impl Iterator<Item = usize>, batches: &[RecordBatch]) -> Vec<Run> {
    let mut starts = Vec::with_capacity(batches.len());
    let mut next = 0;
    for batch in batches {
        starts.push(next);
        next += batch.num_rows();
    }
    let mut runs: Vec<Run> = Vec::new();
    for row in rows {
        if let Some(Run { batch, rows }) = runs.last_mut()
            && row == starts[*batch] + rows.end
            && rows.end < batches[*batch].num_rows()
        {
            rows.end += 1;
            continue;
        }
        let batch = starts.partition_point(|it| *it <= row) - 1;
        let row = row - starts[batch];
        runs.push(Run { batch, rows: row..row + 1 });
    }
    runs
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{DataType, Field};

    use super::*;

    fn batches(starts: &[&[i32]]) -> Vec<RecordBatch> {
        let schema = Arc::new(Schema::new(vec![Field::new("start", DataType::Int32, false)]));
        let batch = |it: &&[i32]| {
            let column: ArrayRef = Arc::new(Int32Array::from(it.to_vec()));
            RecordBatch::try_new(Arc::clone(&schema), vec![column]).unwrap()
        };
        starts.iter().map(batch).collect()
    }

    #[test]
    fn rows_are_sorted_stably_and_stretches_end_with_their_batch() {
        let starts: [&[i32]; 4] = [&[1, 2, 5], &[], &[5, 3, 4], &[6]];
        let mut keys: Vec<Key> = starts.concat().iter().map(|it| (0, i64::from(*it))).collect();
        let run = |batch, rows| Run { batch, rows };
        let expected = [run(0, 0..2), run(2, 1..3), run(0, 2..3), run(2, 0..1), run(3, 0..1)];
        assert_eq!(sort(&mut keys, &batches(&starts)), expected);
        assert!(keys.is_sorted());
    }
}
