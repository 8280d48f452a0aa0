//! Arrays of JSON: null where the text is no JSON, or no array.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, LargeStringArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::arguments::{json_and, text, texts};
use crate::query::json::JSON;
use crate::query::json::value::Json;
use crate::query::scalar::ScalarFunction;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&LENGTH, &CONTAINS, &GET];

/// `json_array_length(json)`
static LENGTH: ScalarFunction = ScalarFunction {
    name: "json_array_length",
    arguments: |types| {
        json_and("json_array_length", types, &[], "json_array_length takes one json")
    },
    result: |_| Ok(DataType::Int64),
    call: |args| {
        let lengths = arrays(args)?.into_iter();
        let length = |it: Option<Vec<Json>>| i64::try_from(it?.len()).ok();
        Ok(Arc::new(lengths.map(length).collect::<Int64Array>()))
    },
};

/// `json_array_contains(json, value)`: a boolean, an integer, a double or a text.
static CONTAINS: ScalarFunction = ScalarFunction {
    name: "json_array_contains",
    arguments: |types| {
        let value = match types.get(1) {
            Some(DataType::Boolean) => DataType::Boolean,
            Some(it) if it.is_integer() => DataType::Int64,
            Some(it) if it.is_numeric() => DataType::Float64,
            Some(it) if *it != JSON && (it.is_string() || it.is_null()) => DataType::Utf8,
            Some(other) => {
                return plan_err!("json_array_contains looks for no {}", sql_type(other));
            }
            None => return plan_err!("json_array_contains takes a json and a value"),
        };
        let usage = "json_array_contains takes a json and a value";
        json_and("json_array_contains", types, &[value], usage)
    },
    result: |_| Ok(DataType::Boolean),
    call: contains,
};

fn contains(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let wanted = args.args[1].to_array_of_size(args.number_rows)?;
    let is_wanted = |row: usize, value: &Json| match (wanted.data_type(), value) {
        (DataType::Boolean, Json::Boolean(it)) => *it == wanted.as_boolean().value(row),
        (DataType::Int64, Json::Number(text)) => {
            text.parse() == Ok(wanted.as_primitive::<Int64Type>().value(row))
        }
        (DataType::Float64, Json::Number(text)) if text.contains(['.', 'e', 'E']) => {
            text.parse() == Ok(wanted.as_primitive::<Float64Type>().value(row))
        }
        (DataType::Utf8, Json::Text(text)) => text == wanted.as_string::<i32>().value(row),
        _ => false,
    };
    let each = arrays(args)?.into_iter().enumerate().map(|(row, values)| {
        if wanted.is_null(row) {
            return None;
        }
        Some(values?.iter().any(|it| is_wanted(row, it)))
    });
    Ok(Arc::new(each.collect::<BooleanArray>()))
}

/// `json_array_get(json, index)`: an element, zero-based, from the end where negative. As in Trino
/// a text comes without its quotes, and null is no json.
static GET: ScalarFunction = ScalarFunction {
    name: "json_array_get",
    arguments: |types| {
        let usage = "json_array_get takes a json and an index";
        json_and("json_array_get", types, &[DataType::Int64], usage)
    },
    result: |_| Ok(JSON),
    call: |args| {
        let indices = args.args[1].to_array_of_size(args.number_rows)?;
        let indices = indices.as_primitive::<Int64Type>();
        let each = arrays(args)?.into_iter().enumerate().map(|(row, values)| {
            let (index, values) = (indices.is_valid(row).then(|| indices.value(row))?, values?);
            let from_either = usize::try_from(index.unsigned_abs()).ok()?;
            let at = if index < 0 { values.len().checked_sub(from_either)? } else { from_either };
            match values.get(at)? {
                Json::Null => None,
                Json::Text(text) => Some(text.clone()),
                other => Some(other.to_string()),
            }
        });
        Ok(Arc::new(each.collect::<LargeStringArray>()))
    },
};

/// The elements of each first argument that is an array.
fn arrays(args: &ScalarFunctionArgs) -> Result<Vec<Option<Vec<Json>>>> {
    let given = texts(args, 0)?;
    let elements = |row| match Json::parse(text(&given, row)?)? {
        Json::Array(values) => Some(values),
        _ => None,
    };
    Ok((0..args.number_rows).map(elements).collect())
}
