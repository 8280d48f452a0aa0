//! The keys of a map: none is null, none is there twice.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::row::{OwnedRow, Rows};
use arrow::util::display::array_value_to_string;
use datafusion::common::Result;

use crate::query::faults::of_value;
use crate::query::nested::keys::keys;
use crate::query::nested::pick::is_null;

/// Judges the keys of one map after another.
pub struct Unique {
    function: &'static str,
    array: ArrayRef,
    keys: Rows,
    seen: HashSet<OwnedRow>,
}

impl Unique {
    /// A judge of keys that are in an array; errors name the function.
    pub fn of(function: &'static str, array: &ArrayRef) -> Result<Self> {
        let (keys, seen) = (keys(array)?, HashSet::new());
        Ok(Self { function, array: Arc::clone(array), keys, seen })
    }

    /// Begins a map.
    pub fn begin(&mut self) {
        self.seen.clear();
    }

    /// An error where the key at an index is null, or in the map already.
    pub fn add(&mut self, index: usize) -> Result<()> {
        if is_null(&self.array, index) {
            let fault = format!("{} makes a map with a key that is null", self.function);
            return Err(of_value(&fault, "leave such entries out with filter or map_filter"));
        }
        if self.seen.insert(self.keys.row(index).owned()) {
            return Ok(());
        }
        let key = array_value_to_string(&self.array, index)?;
        let key: String = key.chars().take(60).collect();
        let fault = format!("{} makes a map with the key `{key}` twice", self.function);
        Err(of_value(&fault, "multimap_from_entries takes a key any number of times"))
    }
}
