//! What makes lines of rows.

use arrow::array::RecordBatch;

use crate::emit::Places;
use crate::model::Result;

/// Makes the lines of a file of rows with certain columns. Workers share it.
pub trait RowLines: Send + Sync {
    /// Appends the lines of rows, each ended.
    fn append(&self, rows: &RecordBatch, out: &mut Vec<u8>) -> Result<()>;

    /// Where a line says what it covers.
    fn places(&self) -> Places;

    /// The columns of which rows that follow each other are of one record, which one call has to
    /// see together; none where each row is a line.
    fn record_columns(&self) -> Option<Vec<usize>> {
        None
    }

    /// What is to be told of the lines that were appended, in words.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}
