//! What every function over maps and lists asks of their arrays.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, AsArray, ListArray, MapArray};
use arrow::datatypes::{DataType, Field, Fields};
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

/// The elements of a row of a list, as indices into its values; none where the list is null.
pub fn elements(list: &ListArray, row: usize) -> Option<Range<usize>> {
    if list.is_null(row) {
        return None;
    }
    let offsets = list.value_offsets();
    Some(usize::try_from(offsets[row]).ok()?..usize::try_from(offsets[row + 1]).ok()?)
}

/// The type of maps from keys of a type to values of a type.
pub fn map_type(key: DataType, value: DataType) -> DataType {
    let members = vec![Field::new("key", key, false), Field::new("value", value, true)];
    let entries = Field::new("entries", DataType::Struct(Fields::from(members)), false);
    DataType::Map(Arc::new(entries), false)
}

/// The types of the keys and of the values of a map; none of another type.
pub fn of_map(data_type: &DataType) -> Option<(&DataType, &DataType)> {
    let DataType::Map(entry, _) = data_type else { return None };
    let DataType::Struct(fields) = entry.data_type() else { return None };
    match fields.as_ref() {
        [key, value] => Some((key.data_type(), value.data_type())),
        _ => None,
    }
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
