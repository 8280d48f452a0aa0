//! Columns of numbers, and of lists of numbers.

use std::sync::Arc;

use arrow::array::{ArrayRef, NullBufferBuilder, PrimitiveArray};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{ArrowPrimitiveType, DataType};

use super::arrays::list_array;
use super::offsets::Offsets;
use crate::model::Result;
use crate::read::vcf::Elements;
use crate::write::room::{Buffers, Growing};

/// Numbers, one per row.
pub struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    nulls: NullBufferBuilder,
}

/// Lists of numbers, one per row.
pub struct NumberLists<T: ArrowPrimitiveType> {
    offsets: Offsets,
    values: Numbers<T>,
}

impl<T: ArrowPrimitiveType> Default for Numbers<T> {
    fn default() -> Self {
        Self { values: Vec::new(), nulls: NullBufferBuilder::new(0) }
    }
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    /// Whether no row has had a value yet.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    #[inline]
    fn fill(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.values.len());
        if missing > 0 {
            self.values.resize(rows, T::Native::default());
            self.nulls.append_n_nulls(missing);
        }
    }

    /// Sets the value of a row; the rows before it that have none become null.
    #[inline]
    pub fn set(&mut self, row: usize, value: T::Native) {
        self.fill(row);
        self.push(Some(value));
    }

    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: Option<T::Native>) {
        if let Some(value) = value {
            self.values.push(value);
            self.nulls.append_non_null();
        } else {
            self.values.push(T::Native::default());
            self.nulls.append_null();
        }
    }

    /// Takes back all rows but the first `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.nulls.truncate(rows);
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.fill(rows);
        Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::from(self.values), self.nulls.finish()))
    }
}

impl<T: ArrowPrimitiveType> Default for NumberLists<T> {
    fn default() -> Self {
        Self { offsets: Offsets::default(), values: Numbers::default() }
    }
}

impl<T: ArrowPrimitiveType> NumberLists<T> {
    /// Whether no row has had a value yet.
    pub fn is_empty(&self) -> bool {
        self.offsets.rows() == 0
    }

    /// Begins the list of a row.
    #[inline]
    pub fn begin(&mut self, row: usize) -> &mut Self {
        self.offsets.fill(row);
        self
    }

    /// Takes back all rows but the first `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.offsets.truncate(rows);
        self.values.truncate(self.offsets.length());
    }

    /// The array of `rows` rows, with the element field of its list type.
    pub fn finish(self, rows: usize, list: &DataType) -> Result<ArrayRef> {
        let count = self.values.values.len();
        list_array(self.offsets, rows, self.values.finish(count), list)
    }
}

impl<T: ArrowPrimitiveType> Elements<T::Native> for NumberLists<T> {
    #[inline]
    fn push(&mut self, value: Option<T::Native>) {
        self.values.push(value);
    }

    #[inline]
    fn finish(&mut self) {
        self.offsets.end(self.values.values.len());
    }

    fn abandon(&mut self) {
        self.values.truncate(self.offsets.length());
    }
}

impl<T: ArrowPrimitiveType> Buffers for Numbers<T> {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.values);
    }
}

impl<T: ArrowPrimitiveType> Buffers for NumberLists<T> {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        self.offsets.each_buffer(see);
        self.values.each_buffer(see);
    }
}
