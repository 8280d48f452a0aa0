//! The greatest and the least of some values, and where a number lies between others.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DynComparator, Float64Array, Int64Array, make_comparator,
};
use arrow::compute::{SortOptions, interleave};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;
use datafusion::logical_expr::type_coercion::binary::comparison_coercion;

use super::numeric::{all, refused};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &ScalarFunction {
        name: "greatest",
        arguments: |types| common(types, "greatest"),
        result: |types| Ok(types[0].clone()),
        call: |args| extreme(args, Ordering::Greater),
    },
    &ScalarFunction {
        name: "least",
        arguments: |types| common(types, "least"),
        result: |types| Ok(types[0].clone()),
        call: |args| extreme(args, Ordering::Less),
    },
    &ScalarFunction {
        name: "width_bucket",
        arguments: |types| {
            use DataType::{Float64, Int64};
            let usage = "width_bucket takes a number and an array of bounds, or a number, two \
                         bounds and how many buckets";
            match types {
                [_, bins] if !bins.is_numeric() => {
                    all(&types[..1], &[Float64], usage)?;
                    Ok(vec![Float64, DataType::new_list(Float64, true)])
                }
                _ => all(types, &[Float64, Float64, Float64, Int64], usage),
            }
        },
        result: |_| Ok(DataType::Int64),
        call: bucket,
    },
];

fn common(types: &[DataType], function: &str) -> Result<Vec<DataType>> {
    let Some(first) = types.first() else { return plan_err!("{function} takes values") };
    let mut common = first.clone();
    for data_type in &types[1..] {
        let Some(coerced) = comparison_coercion(&common, data_type) else {
            let (one, other) = (sql_type(&common), sql_type(data_type));
            return plan_err!("{function} cannot compare {one} and {other}");
        };
        common = coerced;
    }
    Ok(vec![common; types.len()])
}

/// Null where one of the values is (Trino, `AbstractGreatestLeast`).
fn extreme(args: &ScalarFunctionArgs, wanted: Ordering) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let nulls: Vec<_> = given.iter().map(Array::logical_nulls).collect();
    // Those of each value with all before it.
    let compare = |at: usize| {
        let before = given[..at].iter();
        before.map(|it| make_comparator(&given[at], it, SortOptions::default())).collect()
    };
    let comparators: Vec<Vec<DynComparator>> =
        (0..given.len()).map(compare).collect::<Result<_, arrow::error::ArrowError>>()?;
    let best = |row: usize| {
        let mut best = 0;
        for (at, with_those_before) in comparators.iter().enumerate().skip(1) {
            if with_those_before[best](row, row) == wanted {
                best = at;
            }
        }
        // Whichever is null stands for all.
        let null = nulls.iter().position(|it| it.as_ref().is_some_and(|it| it.is_null(row)));
        (null.unwrap_or(best), row)
    };
    let places: Vec<(usize, usize)> = (0..args.number_rows).map(best).collect();
    let given: Vec<&dyn Array> = given.iter().map(AsRef::as_ref).collect();
    Ok(interleave(&given, &places)?)
}

fn bucket(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let value = |row: usize| {
        if given.iter().any(|it| it.is_null(row)) {
            return Ok(None);
        }
        let number = |at: usize| given[at].as_primitive::<Float64Type>().value(row);
        let found = if given.len() == 2 {
            let bins = given[1].as_list::<i32>().value(row);
            among(number(0), bins.as_primitive::<Float64Type>())
        } else {
            let count = given[3].as_primitive::<Int64Type>().value(row);
            between(number(0), number(1), number(2), count)
        };
        found.map(Some).map_err(|fault| refused(&format!("width_bucket: {fault}")))
    };
    Ok(Arc::new((0..args.number_rows).map(value).collect::<Result<Int64Array>>()?))
}

/// The bucket of equal ones between two bounds: 0 below them, one more than there are above.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // As Trino does.
fn between(value: f64, first: f64, second: f64, count: i64) -> Result<i64, String> {
    if count <= 0 {
        return Err(format!("there are {count} buckets, and have to be 1 or more"));
    }
    if value.is_nan() || !first.is_finite() || !second.is_finite() || first - second == 0.0 {
        return Err("the number is NaN, or the bounds are equal or not finite".to_owned());
    }
    let (low, high) = (first.min(second), first.max(second));
    let bucket = match value {
        it if it < low => 0,
        it if it >= high => count.saturating_add(1),
        it => (count as f64 * (it - low) / (high - low) + 1.0) as i64,
    };
    Ok(if first > second { count - bucket + 1 } else { bucket })
}

/// How many of some bounds in ascending order a number is not below of.
fn among(value: f64, bins: &Float64Array) -> Result<i64, String> {
    if value.is_nan() || bins.is_empty() {
        return Err("the number is NaN, or there are no bounds".to_owned());
    }
    let (mut low, mut high) = (0, bins.len());
    if bins.null_count() > 0 || bins.iter().flatten().any(|it| !it.is_finite()) {
        return Err("a bound is null or not finite".to_owned());
    }
    if !bins.values().is_sorted() {
        return Err("the bounds are not in ascending order".to_owned());
    }
    while low < high {
        let middle = usize::midpoint(low, high);
        if value < bins.value(middle) { high = middle } else { low = middle + 1 }
    }
    i64::try_from(low).map_err(|error| error.to_string())
}
