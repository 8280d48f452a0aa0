//! Rows in pieces of work: about as many in each, and the rows of one record together.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Int32Type, Int64Type};

use crate::model::{Error, Result};

/// Cuts batches of rows.
pub struct Units<I> {
    rows: I,
    size: usize,
    record: Option<Vec<usize>>,
    /// What was left of the last batch.
    rest: Option<RecordBatch>,
    ended: bool,
}

impl<I: Iterator<Item = Result<RecordBatch>>> Units<I> {
    /// Pieces of about `size` rows; rows that follow each other and agree in the columns of
    /// `record` stay together.
    pub fn new(rows: I, size: usize, record: Option<Vec<usize>>) -> Self {
        Self { rows, size: size.max(1), record, rest: None, ended: false }
    }

    fn unit(&mut self) -> Result<Option<RecordBatch>> {
        let mut unit: Vec<RecordBatch> = Vec::new();
        let mut count = 0;
        while let Some(batch) = self.rest.take().map(Ok).or_else(|| self.rows.next()) {
            let batch = batch?;
            let wanted = self.size.saturating_sub(count);
            if let Some(at) = self.boundary(unit.last(), &batch, wanted) {
                if at > 0 {
                    unit.push(batch.slice(0, at));
                }
                self.rest = Some(batch.slice(at, batch.num_rows() - at));
                break;
            }
            count += batch.num_rows();
            if batch.num_rows() > 0 {
                unit.push(batch);
            }
        }
        match unit.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            [first, ..] => concat_batches(&first.schema(), &unit)
                .map(Some)
                .map_err(|error| Error::internal("rows cannot be put together").with_source(error)),
        }
    }

    /// The first row of a batch, from `wanted` on, where a unit may end before it.
    fn boundary(
        &self,
        before: Option<&RecordBatch>,
        batch: &RecordBatch,
        wanted: usize,
    ) -> Option<usize> {
        let Some(record) = &self.record else {
            return (wanted < batch.num_rows()).then_some(wanted);
        };
        (wanted..batch.num_rows()).find(|row| {
            let (other, last) = match (*row, before) {
                (0, None) => return false,
                (0, Some(before)) => (before, before.num_rows() - 1),
                (row, _) => (batch, row - 1),
            };
            record.iter().any(|it| !is_same(other.column(*it), last, batch.column(*it), *row))
        })
    }
}

impl<I: Iterator<Item = Result<RecordBatch>>> Iterator for Units<I> {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let unit = self.unit();
        self.ended = !matches!(unit, Ok(Some(_)));
        unit.transpose()
    }
}

/// Whether two values of text or whole numbers are the same; null is the same as null.
pub fn is_same(one: &ArrayRef, row: usize, other: &ArrayRef, other_row: usize) -> bool {
    match (one.is_null(row), other.is_null(other_row)) {
        (true, true) => return true,
        (false, false) => {}
        _ => return false,
    }
    match one.data_type() {
        DataType::Utf8 => {
            one.as_string::<i32>().value(row) == other.as_string::<i32>().value(other_row)
        }
        DataType::Int32 => {
            one.as_primitive::<Int32Type>().value(row)
                == other.as_primitive::<Int32Type>().value(other_row)
        }
        DataType::Int64 => {
            one.as_primitive::<Int64Type>().value(row)
                == other.as_primitive::<Int64Type>().value(other_row)
        }
        _ => one.slice(row, 1) == other.slice(other_row, 1),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;

    use super::*;

    fn units(batches: &[&[i64]], size: usize, whole: bool) -> Vec<Vec<i64>> {
        let batches = batches.iter().map(|it| {
            let column: ArrayRef = Arc::new(Int64Array::from(it.to_vec()));
            Ok(RecordBatch::try_from_iter([("n", column)]).unwrap())
        });
        let units = Units::new(batches, size, whole.then(|| vec![0]));
        let values = |it: RecordBatch| it.column(0).as_primitive::<Int64Type>().values().to_vec();
        units.map(|it| values(it.unwrap())).collect()
    }

    #[test]
    fn units_have_their_size_and_records_stay_whole() {
        assert_eq!(units(&[&[1, 2, 3], &[4, 5]], 2, false), [vec![1, 2], vec![3, 4], vec![5]]);
        assert_eq!(
            units(&[&[1, 1, 1], &[1, 2, 2], &[], &[2, 3]], 2, true),
            [vec![1, 1, 1, 1], vec![2, 2, 2], vec![3]]
        );
        assert_eq!(units(&[&[1, 2], &[3]], 2, true), [vec![1, 2], vec![3]]);
        assert_eq!(units(&[&[]], 2, true), Vec::<Vec<i64>>::new());
    }
}
