//! Maps that are put together from keys and values of arrays.

use std::sync::Arc;

use arrow::array::{ArrayRef, MapArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};

use super::pick::Picker;

/// Takes entries, row by row: a key of one array, a value of another.
pub struct Maps {
    keys: Picker,
    values: Picker,
}

impl Maps {
    /// One that has no row yet; errors name the function.
    pub fn new(function: &'static str) -> Self {
        Self { keys: Picker::new(function), values: Picker::new(function) }
    }

    /// Takes an entry, by the indices of its key and of its value.
    pub fn add(&mut self, key: usize, value: usize) {
        self.keys.pick(key);
        self.values.pick(value);
    }

    /// Ends a row.
    pub fn end(&mut self) -> Result<()> {
        self.values.end()?;
        self.keys.end()
    }

    /// Ends a row that is null.
    pub fn end_null(&mut self) {
        self.values.end_null();
        self.keys.end_null();
    }

    /// The maps, with keys and values of these arrays; `map` is their type.
    pub fn finish(self, keys: &ArrayRef, values: &ArrayRef, map: &DataType) -> Result<ArrayRef> {
        let DataType::Map(entry, is_sorted) = map else { return exec_err!("a map was expected") };
        let DataType::Struct(fields) = entry.data_type() else {
            return exec_err!("a map was expected");
        };
        let columns = vec![self.keys.taken(keys)?, self.values.taken(values)?];
        let entries = StructArray::try_new(fields.clone(), columns, None)?;
        let (lengths, nulls) = self.keys.rows();
        let offsets = OffsetBuffer::from_lengths(lengths);
        let map = MapArray::try_new(Arc::clone(entry), offsets, entries, nulls, *is_sorted)?;
        Ok(Arc::new(map))
    }
}
