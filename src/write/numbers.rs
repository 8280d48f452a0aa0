//! The number that the record of each row has in its file.

use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch};
use arrow::datatypes::{Schema, SchemaRef};

use super::schema::record_number;
use super::{Rows, unsound};
use crate::model::{Error, Result};
use crate::read::RecordPlaces;

/// Adds the numbers of records to the rows of chunks, as a column behind all others.
pub struct RecordNumbers {
    schema: SchemaRef,
}

impl RecordNumbers {
    /// For rows of this schema.
    pub fn new(rows: &Schema) -> Self {
        let fields = rows.fields().iter().cloned().chain([record_number()]);
        Self { schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())) }
    }

    /// The schema of the rows with their numbers.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows of a chunk with their numbers.
    pub fn add(&self, rows: Rows, places: &RecordPlaces) -> Result<Rows> {
        let Rows { batch, other_keys } = rows;
        let numbers = Arc::new(Int64Array::from(numbers(places, batch.num_rows())?));
        let columns = batch.columns().iter().cloned().chain([numbers as _]).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(unsound)?;
        Ok(Rows { batch, other_keys })
    }
}

/// The numbers of the records of so many rows, as many for each record that was stored.
fn numbers(places: &RecordPlaces, rows: usize) -> Result<Vec<i64>> {
    let stored = places.stored();
    if !rows.is_multiple_of(stored) {
        return Err(Error::internal("the records of a chunk cannot be told apart")
            .with("records", stored)
            .with("rows", rows));
    }
    let each = rows.checked_div(stored).unwrap_or_default();
    let mut numbers = Vec::with_capacity(rows);
    let mut next = i64::try_from(places.before).unwrap_or(i64::MAX).saturating_add(1);
    let mut put = |records: usize, of_each: usize| {
        for _ in 0..records {
            numbers.extend(std::iter::repeat_n(next, of_each));
            next += 1;
        }
    };
    let mut done = 0;
    for (record, stored) in &places.uneven {
        put(record - done, each);
        put(1, each * stored);
        done = record + 1;
    }
    put(places.records - done, each);
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs::File;

    use arrow::array::ArrayRef;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use parquet::basic::Encoding;

    use super::super::VersionWriter;
    use super::super::group::MAX_ROWS;
    use super::*;

    fn places(before: u64, records: usize, uneven: &[(usize, usize)]) -> RecordPlaces {
        RecordPlaces { before, records, uneven: uneven.to_vec() }
    }

    #[test]
    fn rejected_records_leave_holes_and_others_may_have_many_rows() {
        assert_eq!(numbers(&places(0, 3, &[]), 3).unwrap(), [1, 2, 3]);
        assert_eq!(numbers(&places(7, 2, &[]), 4).unwrap(), [8, 8, 9, 9]);
        let some = places(10, 6, &[(0, 0), (2, 3), (5, 0)]);
        assert_eq!(numbers(&some, 6).unwrap(), [12, 13, 13, 13, 14, 15]);
        assert_eq!(numbers(&some, 12).unwrap()[..4], [12, 12, 13, 13]);
        assert!(numbers(&places(4, 2, &[(0, 0), (1, 0)]), 0).unwrap().is_empty());
        assert!(numbers(&places(4, 2, &[]), 3).is_err());
        assert!(numbers(&places(4, 1, &[(0, 0)]), 1).is_err());
    }

    #[test]
    fn the_numbers_of_a_row_group_take_next_to_nothing() {
        let (folder, rows) = (tempfile::tempdir().unwrap(), MAX_ROWS);
        let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap());
        let starts = (0..i64::try_from(rows).unwrap()).map(|it| it * it % 7919);
        let starts: ArrayRef = Arc::new(Int64Array::from_iter_values(starts));
        let batch = RecordBatch::try_from_iter([("start", starts)]).unwrap();
        let numbers = RecordNumbers::new(&batch.schema());
        let schema = Arc::clone(numbers.schema());
        let mut writer = VersionWriter::new(folder.path(), schema, None, &pool).unwrap();
        let chunk = Rows { batch, other_keys: BTreeSet::new() };
        // One in a hundred was rejected.
        let uneven: Vec<_> = (0..rows / 100).map(|it| (it * 101, 0)).collect();
        let places = places(0, rows + uneven.len(), &uneven);
        writer.add(&numbers.add(chunk, &places).unwrap().batch).unwrap();
        let file = File::open(&writer.finish().unwrap()[0].path).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let column = reader.metadata().row_group(0).column(1).clone();
        assert!(column.encodings().any(|it| it == Encoding::DELTA_BINARY_PACKED));
        let bytes = usize::try_from(column.compressed_size()).unwrap();
        assert!(bytes * 8 < rows, "{bytes} bytes");
    }
}
