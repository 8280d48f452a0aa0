//! Parts of JSON by path: null where the text is no JSON, and where the path leads nowhere.

use std::sync::Arc;

use arrow::array::{Int64Array, LargeStringArray, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::arguments::{json_and, text, texts};
use crate::query::faults::of_value;
use crate::query::json::JSON;
use crate::query::json::path::Path;
use crate::query::json::value::Json;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&EXTRACT, &EXTRACT_SCALAR, &SIZE];

/// `json_extract(json, path)`: a json.
static EXTRACT: ScalarFunction = ScalarFunction {
    name: "json_extract",
    arguments: |types| json_and_path("json_extract", types),
    result: |_| Ok(JSON),
    call: |args| {
        let found = found(args, |it| Some(it.to_string()))?;
        Ok(Arc::new(found.into_iter().collect::<LargeStringArray>()))
    },
};

/// `json_extract_scalar(json, path)`: a varchar; null for null, arrays and objects.
static EXTRACT_SCALAR: ScalarFunction = ScalarFunction {
    name: "json_extract_scalar",
    arguments: |types| json_and_path("json_extract_scalar", types),
    result: |_| Ok(DataType::Utf8),
    call: |args| Ok(Arc::new(found(args, Json::scalar)?.into_iter().collect::<StringArray>())),
};

/// `json_size(json, path)`: how many elements or members; 0 for a scalar.
static SIZE: ScalarFunction = ScalarFunction {
    name: "json_size",
    arguments: |types| json_and_path("json_size", types),
    result: |_| Ok(DataType::Int64),
    call: |args| {
        let size = |it: &Json| match it {
            Json::Array(values) => i64::try_from(values.len()).ok(),
            Json::Object(members) => i64::try_from(members.len()).ok(),
            _ => Some(0),
        };
        Ok(Arc::new(found(args, size)?.into_iter().collect::<Int64Array>()))
    },
};

fn json_and_path(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    let usage = format!("{function} takes a json and a path, such as '$.a[0]'");
    json_and(function, types, &[DataType::Utf8], &usage)
}

/// What is made of the part that the path of each row leads to.
fn found<T>(args: &ScalarFunctionArgs, of: impl Fn(&Json) -> Option<T>) -> Result<Vec<Option<T>>> {
    let (jsons, paths) = (texts(args, 0)?, texts(args, 1)?);
    let mut last: Option<(&str, Path)> = None;
    let each = (0..args.number_rows).map(|row| {
        let (Some(json), Some(path)) = (text(&jsons, row), text(&paths, row)) else {
            return Ok(None);
        };
        let parsed = match last.take() {
            Some((text, parsed)) if text == path => parsed,
            _ => Path::parse(path).ok_or_else(|| no_path(path))?,
        };
        let value = Json::parse(json);
        let found = value.as_ref().and_then(|it| parsed.find(it)).and_then(&of);
        last = Some((path, parsed));
        Ok(found)
    });
    each.collect()
}

fn no_path(path: &str) -> DataFusionError {
    let shown: String = path.chars().take(60).collect();
    let fault = format!("'{}' is no path into JSON", shown.escape_debug());
    of_value(&fault, "a path is $ and steps as in $.name[0][\"another name\"]")
}
