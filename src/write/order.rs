//! The order of rows: by contig, in order of first appearance, and start. What a file covers.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, RecordBatch};
use arrow::compute::{filter_record_batch, not};
use arrow::datatypes::{Int32Type, Int64Type, Schema};

use super::gather::Run;
use super::unsound;
use crate::model::{Error, HeaderKey, Result, TsvStoreOptions};
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

impl Covered {
    /// Covers nothing yet: its bounds are those of no row.
    fn nothing(contig: &str) -> Self {
        Self { contig: contig.to_owned(), min_start: i64::MAX, max_end: i64::MIN, rows: 0 }
    }
}

impl GroupOrder {
    /// Any order will do.
    pub fn none() -> Self {
        Self { first: Key::default(), last: Key::default(), runs: None, covered: Vec::new() }
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
    /// The rows, sorted, in stretches that stand together in the input; none where all are in order already.
    pub runs: Option<Vec<Run>>,
    /// What the rows cover, by rank.
    pub covered: Vec<Covered>,
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
        let mut covered: Vec<(u32, Covered)> = Vec::new();
        for batch in batches {
            self.add_batch(batch, columns, &mut keys, &mut covered);
        }
        covered.sort_by_key(|it| it.0);
        let runs = if keys.is_sorted() { None } else { Some(sort(&mut keys, batches)) };
        let first = keys.first().copied().unwrap_or_default();
        let last = keys.last().copied().unwrap_or_default();
        GroupOrder { first, last, runs, covered: covered.into_iter().map(|it| it.1).collect() }
    }

    /// Parts rows that are to be followed by others: those that can be written now, and those that start less than `reach` bases
    /// before the last one, which later ones may still have to come before. All can be written where all are that near.
    pub fn hold_back(
        &mut self,
        batches: Vec<RecordBatch>,
        columns: OrderColumns,
        reach: i64,
    ) -> Result<(Vec<RecordBatch>, Vec<RecordBatch>)> {
        let mut keys = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        for batch in &batches {
            self.add_batch(batch, columns, &mut keys, &mut Vec::new());
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
        covered: &mut Vec<(u32, Covered)>,
    ) {
        let contigs = batch.column(columns.contig).as_string::<i32>();
        let starts = Integers::of(batch.column(columns.start));
        let ends = Integers::of(batch.column(columns.end));
        let mut current = usize::MAX;
        for row in 0..batch.num_rows() {
            let name = contigs.value(row);
            if covered.get(current).is_none_or(|(_, it)| it.contig != name) {
                let rank = self.rank(name);
                current = covered.iter().position(|it| it.0 == rank).unwrap_or_else(|| {
                    covered.push((rank, Covered::nothing(name)));
                    covered.len() - 1
                });
            }
            let (rank, it) = &mut covered[current];
            let start = starts.value(row);
            it.min_start = it.min_start.min(start.unwrap_or(i64::MAX));
            it.max_end = it.max_end.max(ends.value(row).unwrap_or(i64::MIN));
            it.rows += 1;
            // Rows without a start come before the others of their contig.
            keys.push((*rank, start.unwrap_or(i64::MIN)));
        }
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

/// Adds what more rows cover.
pub fn merge(covered: &mut Vec<Covered>, more: Vec<Covered>) {
    for next in more {
        match covered.iter_mut().find(|it| it.contig == next.contig) {
            Some(it) => {
                it.min_start = it.min_start.min(next.min_start);
                it.max_end = it.max_end.max(next.max_end);
                it.rows += next.rows;
            }
            None => covered.push(next),
        }
    }
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
