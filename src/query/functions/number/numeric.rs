//! What functions over numbers share.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, PrimitiveArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::faults::of_value;
use crate::query::scalar::arrays;
use crate::query::types::sql_type;

/// So many numbers, all cast to one type; an error where something else is given.
pub fn all(given: &[DataType], wanted: &[DataType], usage: &str) -> Result<Vec<DataType>> {
    if given.len() != wanted.len() {
        return plan_err!("{usage}");
    }
    match given.iter().find(|it| !it.is_numeric() && !it.is_null()) {
        Some(other) => plan_err!("{usage}, not {}", sql_type(other)),
        None => Ok(wanted.to_vec()),
    }
}

/// Like [`all`], of doubles.
pub fn doubles(given: &[DataType], count: usize, usage: &str) -> Result<Vec<DataType>> {
    all(given, &vec![DataType::Float64; count], usage)
}

/// Like [`all`], of bigints, for which no fraction is taken.
pub fn bigints(given: &[DataType], count: usize, usage: &str) -> Result<Vec<DataType>> {
    match given.iter().find(|it| !it.is_integer() && !it.is_null()) {
        Some(other) => plan_err!("{usage}, not {}", sql_type(other)),
        None => all(given, &vec![DataType::Int64; count], usage),
    }
}

/// The result for each row of doubles; null where one of them is.
pub fn of_doubles<const N: usize>(
    args: &ScalarFunctionArgs,
    of: impl Fn([f64; N]) -> Result<f64, String>,
) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let given: Vec<&Float64Array> =
        given.iter().map(AsArray::as_primitive::<Float64Type>).collect();
    let value = |row: usize| {
        if given.iter().any(|it| it.is_null(row)) {
            return Ok(None);
        }
        let values = std::array::from_fn(|at| given[at].value(row));
        of(values).map(Some).map_err(|fault| refused(&fault))
    };
    Ok(Arc::new((0..args.number_rows).map(value).collect::<Result<Float64Array>>()?))
}

/// The result for each row of bigints; null where one of them is.
pub fn of_bigints<const N: usize>(
    args: &ScalarFunctionArgs,
    of: impl Fn([i64; N]) -> Result<i64, String>,
) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let given: Vec<&PrimitiveArray<Int64Type>> =
        given.iter().map(AsArray::as_primitive::<Int64Type>).collect();
    let value = |row: usize| {
        if given.iter().any(|it| it.is_null(row)) {
            return Ok(None);
        }
        let values = std::array::from_fn(|at| given[at].value(row));
        of(values).map(Some).map_err(|fault| refused(&fault))
    };
    Ok(Arc::new((0..args.number_rows).map(value).collect::<Result<Int64Array>>()?))
}

/// The error of a value that a function does not take.
pub fn refused(fault: &str) -> DataFusionError {
    of_value(fault, "try(...) gives null instead")
}
