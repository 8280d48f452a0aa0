//! What every function over maps and lists asks of their arrays.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, AsArray, MapArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};

/// The entries of a row of a map, as indices into its keys and values; none where the map is null.
pub fn entries(map: &MapArray, row: usize) -> Range<usize> {
    if map.is_null(row) {
        return 0..0;
    }
    let offsets = map.value_offsets();
    let at = |index: usize| usize::try_from(offsets[index]).unwrap_or_default();
    at(row)..at(row + 1)
}

/// The value of a key in one row of a map from text to text; the last one, where an earlier program
/// wrote the key twice.
pub fn map_entry<'a>(map: &'a MapArray, row: usize, key: &str) -> Option<&'a str> {
    let (keys, values) = (map.keys().as_string::<i32>(), map.values().as_string::<i32>());
    let entry = entries(map, row).rfind(|it| keys.value(*it) == key)?;
    values.is_valid(entry).then(|| values.value(entry))
}

/// The type as a list with 32-bit offsets; an error that names the function where it is no list.
pub fn plain_list(function: &str, given: &DataType) -> Result<DataType> {
    match given {
        DataType::List(element)
        | DataType::LargeList(element)
        | DataType::ListView(element)
        | DataType::FixedSizeList(element, _) => Ok(DataType::List(Arc::clone(element))),
        DataType::Null => Ok(DataType::new_list(DataType::Null, true)),
        other => plan_err!("{function} takes an array, not {other}"),
    }
}
