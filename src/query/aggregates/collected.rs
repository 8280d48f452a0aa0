//! Maps and texts that are made of all rows: `map_agg`, `multimap_agg`, `map_union`, `listagg`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, MapArray, StructArray, UInt32Array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Fields};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, plan_err};
use datafusion::scalar::ScalarValue;
use rustc_hash::{FxHashMap, FxHashSet};

use super::function::{AggregateFunction, Keeps, Means};
use crate::query::bounds;
use crate::query::faults::of_value;
use crate::query::maps::entries;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&MAP_AGG, &MULTIMAP_AGG, &MAP_UNION, &LISTAGG];

/// `map_agg(key, value)`: of a key that comes more than once the first value.
static MAP_AGG: AggregateFunction = AggregateFunction {
    name: "map_agg",
    aliases: &[],
    arguments: |types| pair(types, "map_agg"),
    result: |types| Ok(map_type(types[0].clone(), types[1].clone())),
    means: Means::Keeps(Keeps {
        unique: 1,
        skips_null: true,
        finish: |columns, result| map(&columns[0], &columns[1], result),
    }),
    counts: false,
};

/// `multimap_agg(key, value)`: all values of each key.
static MULTIMAP_AGG: AggregateFunction = AggregateFunction {
    name: "multimap_agg",
    aliases: &[],
    arguments: |types| pair(types, "multimap_agg"),
    result: |types| {
        let values = DataType::List(Arc::new(Field::new_list_field(types[1].clone(), true)));
        Ok(map_type(types[0].clone(), values))
    },
    means: Means::Keeps(Keeps { unique: 0, skips_null: true, finish: multimap }),
    counts: false,
};

/// `map_union(map)`: of a key that comes more than once the first value.
static MAP_UNION: AggregateFunction = AggregateFunction {
    name: "map_union",
    aliases: &[],
    arguments: |types| match types {
        [DataType::Map(..)] => Ok(types.to_vec()),
        [other] => plan_err!("map_union takes maps, not {}", sql_type(other)),
        _ => plan_err!("map_union takes one map"),
    },
    result: |types| match &types[0] {
        DataType::Map(entry, _) => {
            let DataType::Struct(fields) = entry.data_type() else { return Ok(types[0].clone()) };
            Ok(map_type(fields[0].data_type().clone(), fields[1].data_type().clone()))
        }
        other => Ok(other.clone()),
    },
    means: Means::Keeps(Keeps { unique: 0, skips_null: true, finish: union }),
    counts: false,
};

/// `listagg(text, separator, fails, filler, counts)`: the dialect writes out what becomes of texts
/// that are too long.
static LISTAGG: AggregateFunction = AggregateFunction {
    name: "listagg",
    aliases: &[],
    arguments: |types| {
        use DataType::{Boolean, Utf8};
        if let Some(other) = types.first().filter(|it| !it.is_string() && !it.is_null()) {
            return plan_err!("listagg takes texts, not {}: CAST them to varchar", sql_type(other));
        }
        match types.len() {
            1 => Ok(vec![Utf8]),
            2 => Ok(vec![Utf8, Utf8]),
            5 => Ok(vec![Utf8, Utf8, Boolean, Utf8, Boolean]),
            _ => plan_err!("listagg takes a text and a separator"),
        }
    },
    result: |_| Ok(DataType::Utf8),
    means: Means::Keeps(Keeps { unique: 0, skips_null: true, finish: joined }),
    counts: false,
};

/// The longest text that `listagg` makes, in bytes (Trino, `ListaggAggregationFunction`).
const LONGEST: usize = 1 << 20;

fn pair(types: &[DataType], function: &str) -> Result<Vec<DataType>> {
    let [key, value] = types else { return plan_err!("{function} takes a key and a value") };
    let key = if key.is_null() { DataType::Utf8 } else { key.clone() };
    Ok(vec![key, value.clone()])
}

/// A map of these types.
pub fn map_type(key: DataType, value: DataType) -> DataType {
    DataType::Map(
        Arc::new(Field::new("entries", DataType::Struct(pairs(key, value)), false)),
        false,
    )
}

fn pairs(key: DataType, value: DataType) -> Fields {
    vec![Field::new("key", key, false), Field::new("value", value, true)].into()
}

/// The map of one row, null where it would have no entry.
pub fn map(keys: &ArrayRef, values: &ArrayRef, result: &DataType) -> Result<ScalarValue> {
    if keys.is_empty() {
        return ScalarValue::try_from(result);
    }
    let DataType::Map(entry, sorted) = result else { return ScalarValue::try_from(result) };
    let fields = pairs(keys.data_type().clone(), values.data_type().clone());
    let offsets = OffsetBuffer::from_lengths([keys.len()]);
    let entries = StructArray::try_new(fields, vec![Arc::clone(keys), Arc::clone(values)], None)?;
    let map = MapArray::try_new(Arc::clone(entry), offsets, entries, None, *sorted)?;
    ScalarValue::try_from_array(&map, 0)
}

fn multimap(columns: &[ArrayRef], result: &DataType) -> Result<ScalarValue> {
    let keys = RowConverter::new(vec![SortField::new(columns[0].data_type().clone())])?;
    let rows = keys.convert_columns(&columns[..1])?;
    let mut groups: FxHashMap<&[u8], usize> = FxHashMap::default();
    let (mut firsts, mut members) = (Vec::new(), Vec::<Vec<u32>>::new());
    for (at, row) in (0_u32..).zip(rows.iter()) {
        let group = *groups.entry(row.data()).or_insert_with(|| {
            firsts.push(at);
            members.push(Vec::new());
            members.len() - 1
        });
        members[group].push(at);
    }
    let keys = take(&columns[0], &UInt32Array::from(firsts), None)?;
    let offsets = OffsetBuffer::from_lengths(members.iter().map(Vec::len));
    let values = take(&columns[1], &UInt32Array::from(members.concat()), None)?;
    let element = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let lists: ArrayRef = Arc::new(ListArray::try_new(element, offsets, values, None)?);
    map(&keys, &lists, result)
}

fn union(columns: &[ArrayRef], result: &DataType) -> Result<ScalarValue> {
    let maps = columns[0].as_map();
    let keys = RowConverter::new(vec![SortField::new(maps.keys().data_type().clone())])?;
    let rows = keys.convert_columns(&[Arc::clone(maps.keys())])?;
    let mut seen: FxHashSet<&[u8]> = FxHashSet::default();
    let all = (0..maps.len()).flat_map(|row| entries(maps, row));
    let firsts = all.filter(|at| seen.insert(rows.row(*at).data()));
    let firsts: UInt32Array = firsts.map(|at| u32::try_from(at).ok()).collect();
    if firsts.is_empty() && !maps.is_empty() {
        return ScalarValue::try_from_array(&columns[0], 0);
    }
    map(&take(maps.keys(), &firsts, None)?, &take(maps.values(), &firsts, None)?, result)
}

fn joined(columns: &[ArrayRef], _: &DataType) -> Result<ScalarValue> {
    let texts = columns[0].as_string::<i32>();
    if texts.is_empty() {
        return Ok(ScalarValue::Utf8(None));
    }
    let first = |at: usize| columns.get(at).map(|it| it.as_string::<i32>().value(0));
    let is = |at: usize| columns.get(at).is_none_or(|it| it.as_boolean().value(0));
    let (separator, filler) = (first(1).unwrap_or(""), first(3).unwrap_or("..."));
    let mut out = String::new();
    for (at, text) in texts.iter().flatten().enumerate() {
        let separator = if at == 0 { "" } else { separator };
        if out.len() + separator.len() + text.len() > LONGEST {
            if is(2) {
                let fault = format!("listagg makes more than {LONGEST} bytes");
                return Err(of_value(&fault, "write ON OVERFLOW TRUNCATE behind the separator"));
            }
            out.push_str(separator);
            out.push_str(filler);
            if is(4) {
                out.push_str(&format!("({})", texts.len() - at));
            }
            break;
        }
        out.push_str(separator);
        out.push_str(text);
    }
    bounds::check("listagg", out.len() as u128)?;
    Ok(ScalarValue::Utf8(Some(out)))
}
