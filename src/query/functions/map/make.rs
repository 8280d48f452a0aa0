//! Maps made of arrays, of entries and of maps.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, MapArray, StructArray};
use arrow::compute::concat;
use arrow::datatypes::DataType;
use arrow::row::Row;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::unique::Unique;
use crate::query::faults::of_value;
use crate::query::maps::{entries, map_type, of_map, plain_list};
use crate::query::nested::entries::Maps;
use crate::query::nested::keys::keys;
use crate::query::nested::pick::{Arguments, Picker, element_of, is_null, list_of};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::{common_type, sql_type};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&MAP, &MAP_FROM_ENTRIES, &MULTIMAP_FROM_ENTRIES, &MAP_CONCAT];

/// `map(keys, values)`, of two arrays that are as long; `map()` has empty ones.
pub static MAP: ScalarFunction = ScalarFunction {
    name: "map",
    arguments: |types| {
        let [keys, values] = types else {
            return plan_err!("map takes an array of keys and an array of values");
        };
        Ok(vec![plain_list("map", keys)?, plain_list("map", values)?])
    },
    result: |types| {
        let element = |at: usize| types.get(at).map_or(DataType::Null, |it| element_of(it).clone());
        Ok(map_type(element(0), element(1)))
    },
    call: map,
};

fn map(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let mut maps = Maps::new("map");
    let arguments = Arguments::of(args)?;
    let (keys, values) = (arguments.list(0).values(), arguments.list(1).values());
    let mut unique = Unique::of("map", keys)?;
    for row in 0..arguments.rows {
        let (Some(of_keys), Some(of_values)) =
            (arguments.elements(0, row), arguments.elements(1, row))
        else {
            maps.end_null();
            continue;
        };
        if of_keys.len() != of_values.len() {
            let fault = format!("map of {} keys and {} values", of_keys.len(), of_values.len());
            return Err(of_value(&fault, "give it arrays that are as long as each other"));
        }
        unique.begin();
        for (key, value) in of_keys.zip(of_values) {
            unique.add(key)?;
            maps.add(key, value);
        }
        maps.end()?;
    }
    maps.finish(keys, values, args.return_type())
}

/// `map_from_entries(array of rows of a key and a value)`
static MAP_FROM_ENTRIES: ScalarFunction = ScalarFunction {
    name: "map_from_entries",
    arguments: |types| rows_of_two("map_from_entries", types),
    result: |types| {
        let (key, value) = members(&types[0]);
        Ok(map_type(key, value))
    },
    call: |args| {
        let arguments = Arguments::of(args)?;
        let rows = arguments.list(0).values().as_struct();
        let mut unique = Unique::of("map_from_entries", rows.column(0))?;
        let mut maps = Maps::new("map_from_entries");
        for row in 0..arguments.rows {
            let Some(elements) = arguments.elements(0, row) else {
                maps.end_null();
                continue;
            };
            unique.begin();
            for entry in elements {
                is_entry("map_from_entries", rows, entry)?;
                unique.add(entry)?;
                maps.add(entry, entry);
            }
            maps.end()?;
        }
        maps.finish(rows.column(0), rows.column(1), args.return_type())
    },
};

/// `multimap_from_entries(array of rows of a key and a value)`: all values of each key.
static MULTIMAP_FROM_ENTRIES: ScalarFunction = ScalarFunction {
    name: "multimap_from_entries",
    arguments: |types| rows_of_two("multimap_from_entries", types),
    result: |types| {
        let (key, value) = members(&types[0]);
        Ok(map_type(key, list_of(&value)))
    },
    call: multimap,
};

fn multimap(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let rows = arguments.list(0).values().as_struct();
    let by_key = keys(rows.column(0))?;
    let mut maps = Maps::new("multimap_from_entries");
    let mut lists = Picker::new("multimap_from_entries");
    let mut count = 0;
    for row in 0..arguments.rows {
        let Some(elements) = arguments.elements(0, row) else {
            maps.end_null();
            continue;
        };
        let (mut places, mut groups) = (HashMap::<Row, usize>::new(), Vec::<Vec<usize>>::new());
        for entry in elements {
            is_entry("multimap_from_entries", rows, entry)?;
            if is_null(rows.column(0), entry) {
                let fault = "multimap_from_entries makes a map with a key that is null";
                return Err(of_value(fault, "leave such entries out with filter"));
            }
            let place = *places.entry(by_key.row(entry)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(entry),
                None => groups.push(vec![entry]),
            }
        }
        for group in groups {
            maps.add(group[0], count);
            count += 1;
            lists.pick_all(group);
            lists.end()?;
        }
        maps.end()?;
    }
    let of_values = list_of(rows.column(1).data_type());
    let values = lists.lists(rows.column(1), &of_values)?;
    maps.finish(rows.column(0), &values, args.return_type())
}

fn is_entry(function: &str, rows: &StructArray, entry: usize) -> Result<()> {
    if rows.is_valid(entry) {
        return Ok(());
    }
    let fault = format!("an entry of {function} is null");
    Err(of_value(&fault, "leave such entries out with filter"))
}

fn rows_of_two(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    let [list] = types else { return plan_err!("{function} takes one array of rows") };
    match plain_list(function, list)? {
        list if matches!(element_of(&list), DataType::Struct(fields) if fields.len() == 2) => {
            Ok(vec![list])
        }
        list if element_of(&list).is_null() => {
            let members =
                ["key", "value"].map(|it| arrow::datatypes::Field::new(it, DataType::Null, true));
            Ok(vec![list_of(&DataType::Struct(members.into_iter().collect()))])
        }
        _ => {
            plan_err!(
                "{function} takes an array of rows of a key and a value, not {}",
                sql_type(list)
            )
        }
    }
}

fn members(list: &DataType) -> (DataType, DataType) {
    match element_of(list) {
        DataType::Struct(fields) if fields.len() == 2 => {
            (fields[0].data_type().clone(), fields[1].data_type().clone())
        }
        _ => (DataType::Null, DataType::Null),
    }
}

/// `map_concat(map, map [, …])`: of a key that several maps have, the last value.
static MAP_CONCAT: ScalarFunction = ScalarFunction {
    name: "map_concat",
    arguments: |types| {
        if types.len() < 2 {
            return plan_err!("map_concat takes two maps or more");
        }
        let mut common = DataType::Null;
        for given in types {
            if of_map(given).is_none() && !given.is_null() {
                return plan_err!("map_concat takes maps, not {}", sql_type(given));
            }
            let Some(wider) = common_type(&common, given) else {
                let (left, right) = (sql_type(&common), sql_type(given));
                return plan_err!("map_concat finds no common type for {left} and {right}");
            };
            common = wider;
        }
        Ok(vec![common; types.len()])
    },
    result: |types| Ok(types[0].clone()),
    call: map_concat,
};

fn map_concat(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let given: Vec<&MapArray> = given.iter().filter_map(|it| it.as_map_opt()).collect();
    if given.len() != args.args.len() {
        return exec_err!("map_concat takes maps");
    }
    let all = |of: fn(&MapArray) -> &ArrayRef| {
        concat(&given.iter().map(|it| of(it).as_ref()).collect::<Vec<_>>())
    };
    let (all_keys, all_values) = (all(MapArray::keys)?, all(MapArray::values)?);
    let by_key = keys(&all_keys)?;
    let mut maps = Maps::new("map_concat");
    for row in 0..args.number_rows {
        if given.iter().any(|it| it.is_null(row)) {
            maps.end_null();
            continue;
        }
        let (mut places, mut kept) = (HashMap::<Row, usize>::new(), Vec::<(usize, usize)>::new());
        let mut offset = 0;
        for map in &given {
            for entry in entries(map, row).map(|it| it + offset) {
                let place = *places.entry(by_key.row(entry)).or_insert(kept.len());
                match kept.get_mut(place) {
                    Some((_, value)) => *value = entry,
                    None => kept.push((entry, entry)),
                }
            }
            offset += map.keys().len();
        }
        for (key, value) in kept {
            maps.add(key, value);
        }
        maps.end()?;
    }
    maps.finish(&all_keys, &all_values, args.return_type())
}
