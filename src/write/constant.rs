//! A text column with one value in all rows of an import is encoded once, and put into each row
//! group as it is.

use bytes::Bytes;
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// The columns that have one value in all rows of an import, and no null.
const ONE_VALUE: [&str; 1] = ["importjobid"];

/// Whether a column of a store has one value in all rows of an import.
pub fn has_one_value(column: &str) -> bool {
    ONE_VALUE.contains(&column)
}

/// An encoded column chunk that may go into any number of row groups with as many rows.
pub struct ConstantChunk {
    value: String,
    rows: usize,
    bytes: Bytes,
    close: ColumnCloseResult,
}

impl ConstantChunk {
    /// Encodes `rows` rows of this value.
    pub fn encode(
        value: &str,
        rows: usize,
        column: ColumnDescPtr,
        properties: WriterPropertiesPtr,
    ) -> Result<Self, ParquetError> {
        let mut out = TrackedWrite::new(Vec::new());
        let pages = Box::new(SerializedPageWriter::new(&mut out));
        let ColumnWriter::ByteArrayColumnWriter(mut writer) =
            get_column_writer(column, properties, pages)
        else {
            return Err(ParquetError::General("a column of one value is no text".to_owned()));
        };
        // Clones share their bytes.
        writer.write_batch(&vec![ByteArray::from(value); rows], None, None)?;
        let close = writer.close()?;
        Ok(Self { value: value.to_owned(), rows, bytes: out.into_inner()?.into(), close })
    }

    /// Whether it is what a row group with these rows needs.
    pub fn fits(&self, value: &str, rows: usize) -> bool {
        self.rows == rows && self.value == value
    }

    /// Appends it to a row group.
    pub fn append<W: std::io::Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        group.append_column(&self.bytes, self.close.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::Arc;

    use arrow::array::{AsArray, Int64Array, RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};
    use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
    use parquet::file::metadata::PageIndexPolicy;
    use rayon::ThreadPoolBuilder;

    use super::super::VersionWriter;
    use super::super::group::MAX_ROWS;

    #[test]
    fn every_row_of_every_group_has_the_value_and_its_statistics() {
        let rows = 2 * MAX_ROWS + 10;
        let schema = Arc::new(Schema::new(vec![
            Field::new("importjobid", DataType::Utf8, false),
            Field::new("a", DataType::Int64, true),
        ]));
        let jobs = StringArray::from_iter_values(std::iter::repeat_n("a-job", rows));
        let numbers = Int64Array::from_iter_values(0..i64::try_from(rows).unwrap());
        let columns = vec![Arc::new(jobs) as _, Arc::new(numbers) as _];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let pool = Arc::new(ThreadPoolBuilder::new().num_threads(2).build().unwrap());
        let mut writer = VersionWriter::new(folder.path(), schema, None, &pool).unwrap();
        writer.add(&batch).unwrap();
        let written = writer.finish().unwrap().remove(0);

        let file = File::open(&written.path).unwrap();
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 3);
        for group in reader.metadata().row_groups() {
            let statistics = group.column(0).statistics().unwrap();
            assert_eq!(statistics.min_bytes_opt(), Some(b"a-job".as_slice()));
            assert_eq!(statistics.max_bytes_opt(), Some(b"a-job".as_slice()));
        }
        let mut next = 0;
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let jobs = batch.column(0).as_string::<i32>();
            assert!(jobs.iter().all(|it| it == Some("a-job")));
            for number in batch.column(1).as_primitive::<arrow::datatypes::Int64Type>() {
                assert_eq!(number, Some(next));
                next += 1;
            }
        }
        assert_eq!(next, i64::try_from(rows).unwrap());
    }
}
