//! JSON of texts and texts of JSON.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, LargeStringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::arguments::{json_and, text, texts};
use crate::query::bounds;
use crate::query::faults::of_value;
use crate::query::json::JSON;
use crate::query::json::value::Json;
use crate::query::scalar::ScalarFunction;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&PARSE, &FORMAT, &IS_SCALAR];

/// `json_parse(varchar)`: the JSON that a text is, in its one form.
static PARSE: ScalarFunction = ScalarFunction {
    name: "json_parse",
    arguments: |types| match types {
        [text] if *text != JSON && (text.is_string() || text.is_null()) => Ok(vec![DataType::Utf8]),
        [other] => plan_err!("json_parse takes varchar, not {}", sql_type(other)),
        _ => plan_err!("json_parse takes one text"),
    },
    result: |_| Ok(JSON),
    call: parse,
};

fn parse(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = texts(args, 0)?;
    let mut out = LargeStringBuilder::new();
    for row in 0..args.number_rows {
        let Some(text) = text(&given, row) else {
            out.append_null();
            continue;
        };
        out.append_value(parsed(text)?.canonical().to_string());
        bounds::check("json_parse", out.values_slice().len() as u128)?;
    }
    Ok(Arc::new(out.finish()))
}

/// The JSON that a text is, or why it is none.
fn parsed(text: &str) -> Result<Json> {
    Json::parse(text).ok_or_else(|| no_json(text))
}

fn no_json(text: &str) -> DataFusionError {
    let shown: String = text.chars().take(60).collect();
    let fault = format!("'{}' is no JSON", shown.escape_debug());
    of_value(
        &fault,
        "try(json_parse(x)) gives null instead; CAST(x AS json) makes a JSON text of x",
    )
}

/// `json_format(json)`: its text.
static FORMAT: ScalarFunction = ScalarFunction {
    name: "json_format",
    arguments: |types| match types {
        [json] if *json == JSON || json.is_null() => Ok(vec![JSON]),
        [other] => {
            let given = sql_type(other);
            plan_err!("json_format takes json, not {given}: json_parse makes it of a text")
        }
        _ => plan_err!("json_format takes one json"),
    },
    result: |_| Ok(DataType::Utf8),
    call: |args| Ok(Arc::new(texts(args, 0)?)),
};

/// `is_json_scalar(json | varchar)`: whether it is neither an array nor an object.
static IS_SCALAR: ScalarFunction = ScalarFunction {
    name: "is_json_scalar",
    arguments: |types| json_and("is_json_scalar", types, &[], "is_json_scalar takes one json"),
    result: |_| Ok(DataType::Boolean),
    call: |args| {
        let given = texts(args, 0)?;
        let each = (0..args.number_rows).map(|row| match text(&given, row) {
            Some(text) => Ok(Some(!matches!(parsed(text)?, Json::Array(_) | Json::Object(_)))),
            None => Ok(None),
        });
        Ok(Arc::new(each.collect::<Result<BooleanArray>>()?))
    },
};
