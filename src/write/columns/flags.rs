//! Columns of truth values.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, BooleanBufferBuilder, NullBufferBuilder};

/// Truth values, one per row; false where nothing was set.
pub struct Flags {
    values: BooleanBufferBuilder,
}

/// Truth values, one per row; null where nothing was set.
pub struct Booleans {
    values: BooleanBufferBuilder,
    nulls: NullBufferBuilder,
}

impl Default for Flags {
    fn default() -> Self {
        Self { values: BooleanBufferBuilder::new(0) }
    }
}

impl Flags {
    /// Sets the flag of a row.
    pub fn set(&mut self, row: usize) {
        self.values.append_n(row.saturating_sub(self.values.len()), false);
        self.values.append(true);
    }

    /// Takes back all rows but the first `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.values.append_n(rows.saturating_sub(self.values.len()), false);
        Arc::new(BooleanArray::new(self.values.finish(), None))
    }
}

impl Default for Booleans {
    fn default() -> Self {
        Self { values: BooleanBufferBuilder::new(0), nulls: NullBufferBuilder::new(0) }
    }
}

impl Booleans {
    fn fill(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.values.len());
        self.values.append_n(missing, false);
        self.nulls.append_n_nulls(missing);
    }

    /// Sets the value of a row.
    pub fn set(&mut self, row: usize, value: bool) {
        self.fill(row);
        self.values.append(value);
        self.nulls.append_non_null();
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.fill(rows);
        Arc::new(BooleanArray::new(self.values.finish(), self.nulls.finish()))
    }
}
