//! Rows that were read together.

use std::ops::Range;
use std::sync::OnceLock;

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;

use super::alleles::{Alleles, Normal};
use super::ends::RowEnds;
use super::layout::Layout;
use super::values::{FieldValues, integers};
use crate::model::{Error, Result};
use crate::write::schema::RECORD_NUMBER;

/// Rows in order, with the columns that are read.
#[derive(Debug)]
pub struct Block {
    /// Zero-based starts, in order within each contig; the least number where there is none.
    pub starts: Vec<i64>,
    /// Zero-based ends, not included, where rows are found by overlap.
    ends: Vec<i64>,
    /// The highest end of each row and those of its contig before it.
    highest: Vec<i64>,
    /// REF and ALT, where rows are found by them.
    pub alleles: Option<Alleles>,
    /// The values of each field.
    pub values: Vec<FieldValues>,
    records: Option<(Int64Array, StringArray)>,
    /// Where rows end, once that was asked for: few files have symbolic alleles.
    pub row_ends: OnceLock<RowEnds>,
    /// About how many bytes it takes.
    pub bytes: usize,
}

impl Block {
    /// The rows of a batch, of which each of `runs` is of one contig.
    pub fn new(
        batch: &RecordBatch,
        layout: &Layout,
        runs: impl Iterator<Item = (Range<usize>, Option<Normal>)>,
    ) -> Result<Self> {
        let names = &layout.coordinates;
        let starts = integers(batch.column_by_name(&names.start))?;
        let mut alleles = layout.alleles.as_ref().map(|it| Alleles::new(batch, it)).transpose()?;
        let by_overlap = layout.alleles.is_none();
        let ends =
            if by_overlap { integers(batch.column_by_name(&names.end))? } else { Vec::new() };
        let mut highest = Vec::with_capacity(ends.len());
        for (rows, normal) in runs {
            if !starts[rows.clone()].is_sorted() {
                return Err(Error::internal("the rows of a data file are not in order"));
            }
            if by_overlap {
                let ends = ends[rows.clone()].iter();
                highest.extend(ends.scan(i64::MIN, |highest, it| {
                    *highest = (*highest).max(*it);
                    Some(*highest)
                }));
            }
            if let Some((alleles, mut normal)) = alleles.as_mut().zip(normal) {
                alleles.normalize(rows, &starts, &mut normal)?;
            }
        }
        let values = layout.origins.iter().map(|it| FieldValues::new(batch, it, layout.codes));
        let values = values.collect::<Result<_>>()?;
        let records = layout.tells_records.then(|| records(batch)).flatten();
        let bytes = batch.get_array_memory_size()
            + 8 * (2 * starts.len() + 2 * ends.len())
            + alleles.as_ref().map_or(0, Alleles::bytes);
        let row_ends = OnceLock::new();
        Ok(Self { starts, ends, highest, alleles, values, records, row_ends, bytes })
    }

    /// The rows, among these of one contig, that overlap the bases from one position to before
    /// another, in order.
    pub fn overlapping(
        &self,
        rows: Range<usize>,
        start: i64,
        end: i64,
    ) -> impl Iterator<Item = usize> {
        let last = self.starts[rows.clone()].partition_point(|it| *it < end);
        let first = self.highest[rows.clone()][..last].partition_point(|it| *it <= start);
        let candidates = rows.start + first..rows.start + last;
        candidates.filter(move |it| self.ends[*it] > start)
    }

    /// Those of some rows, all of one contig, that begin at a start.
    pub fn beginning(&self, rows: &Range<usize>, start: i64) -> Range<usize> {
        let starts = &self.starts[rows.clone()];
        let from = starts.partition_point(|it| *it < start);
        let count = starts[from..].iter().take_while(|it| **it == start).count();
        rows.start + from..rows.start + from + count
    }

    /// Whether two rows are of one record of one file, as those of several samples are.
    pub fn are_of_one_record(&self, one: usize, other: usize) -> bool {
        self.records.as_ref().is_some_and(|(numbers, jobs)| {
            numbers.is_valid(one)
                && numbers.is_valid(other)
                && numbers.value(one) == numbers.value(other)
                && jobs.value(one) == jobs.value(other)
        })
    }
}

fn records(batch: &RecordBatch) -> Option<(Int64Array, StringArray)> {
    let numbers = batch.column_by_name(RECORD_NUMBER)?.as_primitive_opt::<Int64Type>()?;
    let jobs = batch.column_by_name("importjobid")?.as_string_opt::<i32>()?;
    Some((numbers.clone(), jobs.clone()))
}
