//! Arrays as vectors.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::maps::{entries, map_type};
use crate::query::nested::pick::{Arguments, list_of};
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&EUCLIDEAN_DISTANCE, &DOT_PRODUCT, &COSINE_SIMILARITY, &COSINE_DISTANCE];

/// `euclidean_distance(array, array)`
static EUCLIDEAN_DISTANCE: ScalarFunction = ScalarFunction {
    name: "euclidean_distance",
    arguments: |types| two("euclidean_distance", types),
    result: |_| Ok(DataType::Float64),
    call: |args| {
        of_vectors(args, |left, right| {
            let squares = left.iter().zip(right).map(|(left, right)| (left - right).powi(2));
            Ok(squares.sum::<f64>().sqrt())
        })
    },
};

/// `dot_product(array, array)`
static DOT_PRODUCT: ScalarFunction = ScalarFunction {
    name: "dot_product",
    arguments: |types| two("dot_product", types),
    result: |_| Ok(DataType::Float64),
    call: |args| of_vectors(args, |left, right| Ok(product(left, right))),
};

/// `cosine_similarity(array, array)`; of two maps the keys tell which numbers belong together.
static COSINE_SIMILARITY: ScalarFunction = ScalarFunction {
    name: "cosine_similarity",
    arguments: |types| match types {
        [DataType::Map(..), DataType::Map(..)] => {
            Ok(vec![map_type(DataType::Utf8, DataType::Float64); 2])
        }
        _ => two("cosine_similarity", types),
    },
    result: |_| Ok(DataType::Float64),
    call: |args| match args.args[0].data_type() {
        DataType::Map(..) => of_maps(args),
        _ => of_vectors(args, cosine),
    },
};

/// `cosine_distance(array, array)`
static COSINE_DISTANCE: ScalarFunction = ScalarFunction {
    name: "cosine_distance",
    arguments: |types| two("cosine_distance", types),
    result: |_| Ok(DataType::Float64),
    call: |args| of_vectors(args, |left, right| Ok(1.0 - cosine(left, right)?)),
};

fn two(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    match types {
        [left, right] if left.is_list() && right.is_list() => {
            Ok(vec![list_of(&DataType::Float64); 2])
        }
        _ => plan_err!("{function} takes two arrays of numbers"),
    }
}

fn product(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn cosine(left: &[f64], right: &[f64]) -> Result<f64> {
    let magnitudes = product(left, left) * product(right, right);
    if magnitudes == 0.0 {
        return exec_err!("a vector of zeros has no direction to compare");
    }
    Ok(product(left, right) / magnitudes.sqrt())
}

/// A number for each two vectors; null where one of them has a null.
fn of_vectors(
    args: &ScalarFunctionArgs,
    of: fn(&[f64], &[f64]) -> Result<f64>,
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let numbers = |at: usize| arguments.list(at).values().as_primitive::<Float64Type>();
    let each = arguments.each(|row| {
        let (Some(left), Some(right)) = (arguments.elements(0, row), arguments.elements(1, row))
        else {
            return Ok(None);
        };
        if left.len() != right.len() {
            let (left, right) = (left.len(), right.len());
            return exec_err!("vectors of {left} and {right} numbers, which have to be as many");
        }
        let is_null =
            |at: usize, mut it: std::ops::Range<usize>| it.any(|it| numbers(at).is_null(it));
        if is_null(0, left.clone()) || is_null(1, right.clone()) {
            return Ok(None);
        }
        of(&numbers(0).values()[left], &numbers(1).values()[right]).map(Some)
    });
    Ok(Arc::new(each.collect::<Result<Float64Array>>()?))
}

fn of_maps(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let numbers = |at: usize, row: usize| {
        let map = given[at].as_map();
        let (keys, values) = (map.keys().as_string::<i32>(), map.values());
        let values = values.as_primitive::<Float64Type>();
        let pair = |it| values.is_valid(it).then(|| (keys.value(it), values.value(it)));
        let pairs = map.is_valid(row).then(|| entries(map, row).map(pair).collect());
        pairs.unwrap_or(None::<HashMap<&str, f64>>)
    };
    let each = (0..args.number_rows).map(|row| {
        let (left, right) = (numbers(0, row)?, numbers(1, row)?);
        let length = |it: &HashMap<&str, f64>| it.values().map(|it| it * it).sum::<f64>().sqrt();
        let common = left.iter().filter_map(|(key, it)| Some(it * right.get(key)?));
        Some(common.sum::<f64>() / (length(&left) * length(&right)))
    });
    Ok(Arc::new(each.collect::<Float64Array>()))
}
