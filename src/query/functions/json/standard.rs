//! `json_exists`, `json_value`, `json_query`, `json_object` and `json_array`: the dialect makes
//! calls of plain functions of them, with their clauses as texts.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, LargeStringArray, StringArray, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::arguments::{json_and, text, texts};
use crate::query::bounds;
use crate::query::casts::{Failing, converted, of_float};
use crate::query::faults::of_value;
use crate::query::json::JSON;
use crate::query::json::encode::{self, Of};
use crate::query::json::standard::evaluate::{Unfit, values};
use crate::query::json::standard::parse::path;
use crate::query::json::value::Json;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&EXISTS, &VALUE, &SCALAR, &CASE, &QUERY, &OBJECT, &ARRAY];

/// What a path gives of a row: none where the row is null.
type Sought = Option<std::result::Result<Vec<Json>, Unfit>>;

/// `$json_exists(json, path, on error, variables…)`
static EXISTS: ScalarFunction = ScalarFunction {
    name: "$json_exists",
    arguments: |types| json_and_clauses("json_exists", types, 2),
    result: |_| Ok(DataType::Boolean),
    call: |args| {
        let on_error = constant(args, 2)?;
        let each = found(args, 3)?.into_iter().map(|found| match found {
            None => Ok(None),
            Some(Ok(values)) => Ok(Some(!values.is_empty())),
            Some(Err(_)) => match on_error.as_str() {
                "true" => Ok(Some(true)),
                "unknown" => Ok(None),
                "error" => Err(unfit("json_exists")),
                _ => Ok(Some(false)),
            },
        });
        Ok(Arc::new(each.collect::<Result<BooleanArray>>()?))
    },
};

/// `$json_value(json, path, on empty, on error, variables…)`
static VALUE: ScalarFunction = ScalarFunction {
    name: "$json_value",
    arguments: |types| json_and_clauses("json_value", types, 3),
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let each = scalars(args)?.into_iter().map(|it| it.as_ref().and_then(text_of));
        Ok(Arc::new(each.collect::<StringArray>()))
    },
};

/// `$json_scalar(json, path, on empty, on error, variables…)`: the value as JSON, to be cast.
static SCALAR: ScalarFunction = ScalarFunction {
    name: "$json_scalar",
    result: |_| Ok(JSON),
    call: |args| {
        let each = scalars(args)?.into_iter().map(|it| it.map(|it| it.to_string()));
        Ok(Arc::new(each.collect::<LargeStringArray>()))
    },
    ..VALUE
};

fn scalars(args: &ScalarFunctionArgs) -> Result<Vec<Option<Json>>> {
    let (on_empty, on_error) = (constant(args, 2)?, constant(args, 3)?);
    let each = found(args, 4)?.into_iter().map(|found| match scalar(found) {
        Scalar::Value(value) => Ok(Some(value)),
        Scalar::Empty if on_empty == "error" => Err(empty("json_value")),
        Scalar::Error if on_error == "error" => Err(unfit("json_value")),
        Scalar::Null | Scalar::Empty | Scalar::Error => Ok(None),
    });
    each.collect()
}

/// A scalar as a varchar; what is no whole number is a double.
fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::Number(text) if text.contains(['.', 'e', 'E']) => {
            Some(text.parse::<f64>().map_or_else(|_| text.clone(), of_float))
        }
        other => other.scalar(),
    }
}

/// `$json_case(json, path, variables…)`: `empty`, `error` or null, for defaults of `json_value`.
static CASE: ScalarFunction = ScalarFunction {
    name: "$json_case",
    arguments: |types| json_and_clauses("json_value", types, 1),
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let each = found(args, 2)?.into_iter().map(|found| match scalar(found) {
            Scalar::Empty => Some("empty"),
            Scalar::Error => Some("error"),
            Scalar::Null | Scalar::Value(_) => None,
        });
        Ok(Arc::new(each.collect::<StringArray>()))
    },
};

enum Scalar {
    Null,
    Value(Json),
    Empty,
    Error,
}

fn scalar(found: Sought) -> Scalar {
    match found {
        None => Scalar::Null,
        Some(Err(_)) => Scalar::Error,
        Some(Ok(mut values)) => match (values.len(), values.pop()) {
            (0, _) => Scalar::Empty,
            (1, Some(Json::Null)) => Scalar::Null,
            (1, Some(value)) if value.scalar().is_some() => Scalar::Value(value),
            _ => Scalar::Error,
        },
    }
}

/// `$json_query(json, path, wrapper, quotes, on empty, on error, variables…)`
static QUERY: ScalarFunction = ScalarFunction {
    name: "$json_query",
    arguments: |types| json_and_clauses("json_query", types, 5),
    result: |_| Ok(DataType::Utf8),
    call: query,
};

fn query(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let (wrapper, quotes) = (constant(args, 2)?, constant(args, 3)?);
    let (on_empty, on_error) = (constant(args, 4)?, constant(args, 5)?);
    let mut out = StringBuilder::new();
    for found in found(args, 6)? {
        let text = match found {
            None => None,
            Some(Ok(values)) if values.is_empty() => otherwise(&on_empty, || empty("json_query"))?,
            Some(Ok(values)) => match wrapped(values, &wrapper) {
                Some(Json::Text(text)) if quotes == "omit" => Some(text),
                Some(value) => Some(value.to_string()),
                None => otherwise(&on_error, || unfit("json_query"))?,
            },
            Some(Err(_)) => otherwise(&on_error, || unfit("json_query"))?,
        };
        out.append_option(text);
        bounds::check("json_query", out.values_slice().len() as u128)?;
    }
    Ok(Arc::new(out.finish()))
}

/// One value of all; none where there are several and nothing wraps them.
fn wrapped(mut values: Vec<Json>, wrapper: &str) -> Option<Json> {
    let is_one = matches!(values.as_slice(), [Json::Array(_) | Json::Object(_)]);
    match wrapper {
        "with" => Some(Json::Array(values)),
        "conditional" if !is_one => Some(Json::Array(values)),
        _ if values.len() == 1 => values.pop(),
        _ => None,
    }
}

fn otherwise(clause: &str, error: impl FnOnce() -> DataFusionError) -> Result<Option<String>> {
    match clause {
        "error" => Err(error()),
        "array" => Ok(Some("[]".to_owned())),
        "object" => Ok(Some("{}".to_owned())),
        _ => Ok(None),
    }
}

/// `$json_object(whether null is left out, name, value, …)`
static OBJECT: ScalarFunction = ScalarFunction {
    name: "$json_object",
    arguments: |types| {
        let each = types.iter().enumerate().map(|(at, given)| match at {
            0 => DataType::Boolean,
            _ if at % 2 == 1 => DataType::Utf8,
            _ => given.clone(),
        });
        Ok(each.collect())
    },
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let leaves_out = constant(args, 0)? == "true";
        let pairs = 1..=args.args.len() / 2;
        let names = pairs.clone().map(|at| texts(args, 2 * at - 1)).collect::<Result<Vec<_>>>()?;
        let values = pairs.map(|at| of_argument(args, 2 * at)).collect::<Result<Vec<_>>>()?;
        made(args, "json_object", |row| {
            let mut members: Vec<(String, Json)> = Vec::new();
            for (name, of) in names.iter().zip(&values) {
                let Some(name) = text(name, row) else {
                    let help = "leave the member out, or name it with coalesce";
                    return Err(of_value("a name of json_object is null", help));
                };
                let value = of(row);
                if leaves_out && value == Json::Null {
                    continue;
                }
                if members.iter().any(|(it, _)| it == name) {
                    let fault = format!("json_object has the name '{name}' twice");
                    return Err(of_value(&fault, "give each member a name of its own"));
                }
                members.push((name.to_owned(), value));
            }
            Ok(Json::Object(members))
        })
    },
};

/// `$json_array(whether null is left out, value, …)`
static ARRAY: ScalarFunction = ScalarFunction {
    name: "$json_array",
    arguments: |types| Ok(types.to_vec()),
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let leaves_out = constant(args, 0)? == "true";
        let all = 1..args.args.len();
        let values = all.map(|at| of_argument(args, at)).collect::<Result<Vec<_>>>()?;
        made(args, "json_array", |row| {
            let values = values.iter().map(|of| of(row));
            Ok(Json::Array(values.filter(|it| !(leaves_out && *it == Json::Null)).collect()))
        })
    },
};

fn made(
    args: &ScalarFunctionArgs,
    function: &str,
    of: impl Fn(usize) -> Result<Json>,
) -> Result<ArrayRef> {
    let mut out = StringBuilder::new();
    for row in 0..args.number_rows {
        out.append_value(of(row)?.to_string());
        bounds::check(function, out.values_slice().len() as u128)?;
    }
    Ok(Arc::new(out.finish()))
}

fn of_argument(args: &ScalarFunctionArgs, at: usize) -> Result<Of> {
    let array = args.args[at].to_array_of_size(args.number_rows)?;
    encode::values(&array, |it| converted(it, &DataType::Utf8, Failing::Fails))
}

/// A json or a text, so many texts, and variables by their names.
fn json_and_clauses(function: &str, types: &[DataType], count: usize) -> Result<Vec<DataType>> {
    let usage = format!("{function} takes a json and a path, such as 'lax $.a'");
    if types.len() <= count {
        return plan_err!("{usage}");
    }
    let (fixed, variables) = types.split_at(count + 1);
    let mut wanted = json_and(function, fixed, &vec![DataType::Utf8; count], &usage)?;
    for (at, given) in variables.iter().enumerate() {
        wanted.push(if at % 2 == 0 { DataType::Utf8 } else { given.clone() });
    }
    Ok(wanted)
}

/// A clause, which is the same in all rows.
fn constant(args: &ScalarFunctionArgs, at: usize) -> Result<String> {
    Ok(text(&texts(args, at)?, 0).unwrap_or_default().to_owned())
}

/// What the path of each row gives, with variables from an argument on.
fn found(args: &ScalarFunctionArgs, variables: usize) -> Result<Vec<Sought>> {
    let (jsons, paths) = (texts(args, 0)?, texts(args, 1)?);
    let pairs = (variables..args.args.len()).step_by(2);
    let given = pairs.map(|at| Ok((constant(args, at)?, of_argument(args, at + 1)?)));
    let given = given.collect::<Result<Vec<_>>>()?;
    let mut parsed = None;
    let each = (0..args.number_rows).map(|row| {
        let (Some(json), Some(text)) = (text(&jsons, row), text(&paths, row)) else {
            return Ok(None);
        };
        if parsed.as_ref().is_none_or(|(it, _)| it != text) {
            parsed = Some((text.to_owned(), path(text).ok_or_else(|| no_path(text))?));
        }
        let Some((_, path)) = &parsed else { return Ok(None) };
        let variables: Vec<_> = given.iter().map(|(name, of)| (name.clone(), of(row))).collect();
        let found = match Json::parse(json) {
            Some(root) => values(path, &root, &variables),
            None => Err(Unfit::Value),
        };
        if matches!(found, Err(Unfit::TooMany)) {
            return Err(too_many(text));
        }
        Ok(Some(found))
    });
    each.collect()
}

fn no_path(path: &str) -> DataFusionError {
    let shown: String = path.chars().take(60).collect();
    let fault = format!("'{}' is no path into JSON", shown.escape_debug());
    of_value(&fault, "a path is as in lax $.name[0] ? (@.size > 1)")
}

fn too_many(path: &str) -> DataFusionError {
    let shown: String = path.chars().take(60).collect();
    let fault = format!("the path '{}' looks at too many values", shown.escape_debug());
    of_value(&fault, "CAST(x AS array(json)) and UNNEST give the values as rows, to be joined")
}

fn unfit(function: &str) -> DataFusionError {
    let fault = format!("{function} finds a value that its path does not fit");
    of_value(&fault, "leave ERROR ON ERROR out, or write NULL ON ERROR")
}

fn empty(function: &str) -> DataFusionError {
    let fault = format!("{function} finds no value");
    of_value(&fault, "leave ERROR ON EMPTY out, or write NULL ON EMPTY")
}
