//! Columns that say the same in all rows, which chunks share.

use std::sync::{Arc, OnceLock};

use arrow::array::{Array, ArrayRef, StringArray, new_null_array};
use arrow::datatypes::SchemaRef;

/// Rows of a column that chunks share. Most chunks have fewer.
const SHARED_ROWS: usize = 1 << 16;

/// The column `importjobid`.
pub struct JobIds {
    shared: StringArray,
}

impl JobIds {
    /// The column of a job.
    pub fn new(job_id: &str) -> Self {
        Self { shared: repeated(job_id, SHARED_ROWS) }
    }

    /// So many rows of it.
    pub fn rows(&self, rows: usize) -> StringArray {
        if rows <= self.shared.len() {
            return self.shared.slice(0, rows);
        }
        repeated(self.shared.value(0), rows)
    }
}

fn repeated(job_id: &str, rows: usize) -> StringArray {
    StringArray::from_iter_values(std::iter::repeat_n(job_id, rows))
}

/// The columns of a schema as they are where a file has nothing for them, as most have no samples
/// or no annotations.
pub struct Nulls {
    schema: SchemaRef,
    shared: Vec<OnceLock<ArrayRef>>,
}

impl Nulls {
    /// The columns of this schema.
    pub fn of(schema: &SchemaRef) -> Self {
        let shared = schema.fields().iter().map(|_| OnceLock::new()).collect();
        Self { schema: Arc::clone(schema), shared }
    }

    /// So many rows of a column.
    pub fn rows(&self, column: usize, rows: usize) -> ArrayRef {
        let data_type = self.schema.field(column).data_type();
        if rows > SHARED_ROWS {
            return new_null_array(data_type, rows);
        }
        self.shared[column].get_or_init(|| new_null_array(data_type, SHARED_ROWS)).slice(0, rows)
    }
}
