//! The keys, the values and the entries of maps.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::maps::{entries, map_type, of_map};
use crate::query::nested::pick::{Picker, element_of, list_of};
use crate::query::scalar::ScalarFunction;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&MAP_KEYS, &MAP_VALUES, &MAP_ENTRIES];

/// `map_keys(map)`
static MAP_KEYS: ScalarFunction = ScalarFunction {
    name: "map_keys",
    arguments: |types| one_map("map_keys", types),
    result: |types| Ok(list_of(of_map(&types[0]).map_or(&DataType::Null, |(key, _)| key))),
    call: |args| lists(args, "map_keys", |map| Ok(Arc::clone(map.keys()))),
};

/// `map_values(map)`
static MAP_VALUES: ScalarFunction = ScalarFunction {
    name: "map_values",
    arguments: |types| one_map("map_values", types),
    result: |types| Ok(list_of(of_map(&types[0]).map_or(&DataType::Null, |(_, value)| value))),
    call: |args| lists(args, "map_values", |map| Ok(Arc::clone(map.values()))),
};

/// `map_entries(map)`: an array of rows of a key and a value.
static MAP_ENTRIES: ScalarFunction = ScalarFunction {
    name: "map_entries",
    arguments: |types| one_map("map_entries", types),
    result: |types| {
        let (key, value) = of_map(&types[0]).unwrap_or((&DataType::Null, &DataType::Null));
        let fields: Fields = [("key", key), ("value", value)]
            .into_iter()
            .map(|(name, it)| Field::new(name, it.clone(), true))
            .collect();
        Ok(list_of(&DataType::Struct(fields)))
    },
    call: |args| {
        let DataType::Struct(fields) = element_of(args.return_type()) else {
            return exec_err!("map_entries gives rows");
        };
        lists(args, "map_entries", |map| {
            let columns = vec![Arc::clone(map.keys()), Arc::clone(map.values())];
            Ok(Arc::new(StructArray::try_new(fields.clone(), columns, None)?))
        })
    },
};

fn one_map(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    match types {
        [DataType::Map(..)] => Ok(types.to_vec()),
        [DataType::Null] => Ok(vec![map_type(DataType::Null, DataType::Null)]),
        [other] => plan_err!("{function} takes a map, not {}", sql_type(other)),
        _ => plan_err!("{function} takes one map"),
    }
}

/// A list for each map, with one of these values for each of its entries.
fn lists(
    args: &ScalarFunctionArgs,
    function: &'static str,
    values: impl Fn(&arrow::array::MapArray) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    let array = args.args[0].to_array_of_size(args.number_rows)?;
    let map = array.as_map();
    let mut picker = Picker::new(function);
    for row in 0..map.len() {
        if map.is_null(row) {
            picker.end_null();
            continue;
        }
        picker.pick_all(entries(map, row));
        picker.end()?;
    }
    picker.lists(&values(map)?, args.return_type())
}
