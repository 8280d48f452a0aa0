//! Lambdas over the entries of maps.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, MapArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::DataType;
use arrow::row::Row;
use datafusion::common::{Result, plan_err};

use super::function::{Call, LambdaFunction, boolean};
use crate::query::functions::map::unique::Unique;
use crate::query::maps::{entries, map_type, of_map};
use crate::query::nested::entries::Maps;
use crate::query::nested::keys::keys;
use crate::query::nested::pick::joined;
use crate::query::types::{common_type, sql_type};

/// What SQL calls.
pub static FUNCTIONS: &[&LambdaFunction] =
    &[&MAP_FILTER, &TRANSFORM_VALUES, &TRANSFORM_KEYS, &MAP_ZIP_WITH];

/// `map_filter(map, (key, value) -> boolean)`: the entries for which it is true.
static MAP_FILTER: LambdaFunction = LambdaFunction {
    name: "map_filter",
    usage: "map_filter takes a map and (key, value) -> boolean",
    values: |types| one_map("map_filter", types),
    count: 1,
    parameters: key_and_value,
    result: |types, body| boolean("map_filter", body).map(|()| types[0].clone()),
    call: |call| {
        let map = call.values[0].as_map();
        let flat = Flat::of(map);
        let keeps = call.booleans(&flat.parameters(map)?, &flat.rows)?;
        let mut maps = Maps::new("map_filter");
        each(map, &mut maps, |entry, place, maps| {
            if keeps.is_valid(place) && keeps.value(place) {
                maps.add(entry, entry);
            }
            Ok(())
        })?;
        maps.finish(map.keys(), map.values(), call.result)
    },
};

/// `transform_values(map, (key, value) -> value)`
static TRANSFORM_VALUES: LambdaFunction = LambdaFunction {
    name: "transform_values",
    usage: "transform_values takes a map and (key, value) -> value",
    values: |types| one_map("transform_values", types),
    count: 1,
    parameters: key_and_value,
    result: |types, body| {
        let key = of_map(&types[0]).map_or(DataType::Null, |(key, _)| key.clone());
        Ok(map_type(key, body.clone()))
    },
    call: |call| {
        let map = call.values[0].as_map();
        let flat = Flat::of(map);
        let values = call.evaluate(&flat.parameters(map)?, &flat.rows)?;
        let mut maps = Maps::new("transform_values");
        each(map, &mut maps, |entry, place, maps| {
            maps.add(entry, place);
            Ok(())
        })?;
        maps.finish(map.keys(), &values, call.result)
    },
};

/// `transform_keys(map, (key, value) -> key)`: an error where two become the same, or one null.
static TRANSFORM_KEYS: LambdaFunction = LambdaFunction {
    name: "transform_keys",
    usage: "transform_keys takes a map and (key, value) -> key",
    values: |types| one_map("transform_keys", types),
    count: 1,
    parameters: key_and_value,
    result: |types, body| {
        let value = of_map(&types[0]).map_or(DataType::Null, |(_, value)| value.clone());
        Ok(map_type(body.clone(), value))
    },
    call: |call| {
        let map = call.values[0].as_map();
        let flat = Flat::of(map);
        let made = call.evaluate(&flat.parameters(map)?, &flat.rows)?;
        let mut unique = Unique::of("transform_keys", &made)?;
        let mut maps = Maps::new("transform_keys");
        let mut row = None;
        each(map, &mut maps, |entry, place, maps| {
            if row.replace(flat.rows[place]) != Some(flat.rows[place]) {
                unique.begin();
            }
            unique.add(place)?;
            maps.add(place, entry);
            Ok(())
        })?;
        maps.finish(&made, map.values(), call.result)
    },
};

/// `map_zip_with(map, map, (key, value, value) -> value)`: null takes the place of a value that one
/// of the maps lacks.
static MAP_ZIP_WITH: LambdaFunction = LambdaFunction {
    name: "map_zip_with",
    usage: "map_zip_with takes two maps and (key, value, value) -> value",
    values: |types| {
        let (Some((k1, v1)), Some((k2, v2))) = (of_map(&types[0]), of_map(&types[1])) else {
            return plan_err!("map_zip_with takes two maps");
        };
        let Some(key) = common_type(k1, k2) else {
            let (left, right) = (sql_type(k1), sql_type(k2));
            return plan_err!("map_zip_with cannot compare keys of {left} and {right}");
        };
        Ok(vec![map_type(key.clone(), v1.clone()), map_type(key, v2.clone())])
    },
    count: 2,
    parameters: |types| match (of_map(&types[0]), of_map(&types[1])) {
        (Some((key, left)), Some((_, right))) => vec![key.clone(), left.clone(), right.clone()],
        _ => vec![DataType::Null; 3],
    },
    result: |types, body| {
        let key = of_map(&types[0]).map_or(DataType::Null, |(key, _)| key.clone());
        Ok(map_type(key, body.clone()))
    },
    call: zipped,
};

fn zipped(call: &Call) -> Result<ArrayRef> {
    let (left, right) = (call.values[0].as_map(), call.values[1].as_map());
    let (all_keys, offset) = joined(left.keys(), right.keys())?;
    let by_key = keys(&all_keys)?;
    let mut maps = Maps::new("map_zip_with");
    let (mut of_keys, mut of_left, mut of_right, mut rows) = (vec![], vec![], vec![], vec![]);
    for row in 0..call.rows {
        if left.is_null(row) || right.is_null(row) {
            maps.end_null();
            continue;
        }
        let mut places: HashMap<Row, usize> = HashMap::new();
        for entry in entries(left, row).chain(entries(right, row).map(|it| it + offset)) {
            let place = *places.entry(by_key.row(entry)).or_insert_with(|| {
                maps.add(entry, of_keys.len());
                of_keys.push(u32::try_from(entry).ok());
                of_left.push(None);
                of_right.push(None);
                rows.push(u32::try_from(row).unwrap_or_default());
                of_keys.len() - 1
            });
            match entry.checked_sub(offset) {
                Some(entry) => of_right[place] = u32::try_from(entry).ok(),
                None => of_left[place] = u32::try_from(entry).ok(),
            }
        }
        maps.end()?;
    }
    let taken = |values: &ArrayRef, places: Vec<Option<u32>>| {
        take(values, &UInt32Array::from(places), None)
    };
    let parameters = [
        taken(&all_keys, of_keys)?,
        taken(left.values(), of_left)?,
        taken(right.values(), of_right)?,
    ];
    let values = call.evaluate(&parameters, &rows)?;
    maps.finish(&all_keys, &values, call.result)
}

fn one_map(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    match types {
        [DataType::Map(..)] => Ok(types.to_vec()),
        [DataType::Null] => Ok(vec![map_type(DataType::Null, DataType::Null)]),
        [other] => plan_err!("{function} takes a map, not {}", sql_type(other)),
        _ => plan_err!("{function} takes a map and a lambda"),
    }
}

fn key_and_value(types: &[DataType]) -> Vec<DataType> {
    match of_map(&types[0]) {
        Some((key, value)) => vec![key.clone(), value.clone()],
        None => vec![DataType::Null; 2],
    }
}

/// The entries of all maps that are not null, behind one another.
struct Flat {
    /// Where each lies in the entries of the map.
    places: Vec<u32>,
    /// The row of each.
    rows: Vec<u32>,
}

impl Flat {
    fn of(map: &MapArray) -> Self {
        let (mut places, mut rows) = (Vec::new(), Vec::new());
        for row in 0..map.len() {
            for entry in entries(map, row) {
                places.push(u32::try_from(entry).unwrap_or_default());
                rows.push(u32::try_from(row).unwrap_or_default());
            }
        }
        Self { places, rows }
    }

    /// Keys and values.
    fn parameters(&self, map: &MapArray) -> Result<[ArrayRef; 2]> {
        if self.places.len() == map.keys().len() {
            return Ok([Arc::clone(map.keys()), Arc::clone(map.values())]);
        }
        let places = UInt32Array::from(self.places.clone());
        Ok([take(map.keys(), &places, None)?, take(map.values(), &places, None)?])
    }
}

/// Makes a map of each row, with what is added for each entry: its index, and its place here.
fn each(
    map: &MapArray,
    maps: &mut Maps,
    mut add: impl FnMut(usize, usize, &mut Maps) -> Result<()>,
) -> Result<()> {
    let mut place = 0;
    for row in 0..map.len() {
        if map.is_null(row) {
            maps.end_null();
            continue;
        }
        for entry in entries(map, row) {
            add(entry, place, maps)?;
            place += 1;
        }
        maps.end()?;
    }
    Ok(())
}
