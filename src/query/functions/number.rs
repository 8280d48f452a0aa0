//! NaN and the infinities.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::scalar::{ScalarFunction, arrays, of_types};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&IS_NAN, &IS_FINITE, &IS_INFINITE, &NAN, &INFINITY];

/// `is_nan(double)`
pub static IS_NAN: ScalarFunction = ScalarFunction {
    name: "is_nan",
    arguments: |types| of_types(types, &[DataType::Float64], 1, "is_nan takes one number"),
    result: |_| Ok(DataType::Boolean),
    call: |args| tested(args, f64::is_nan),
};

/// `is_finite(double)`
pub static IS_FINITE: ScalarFunction = ScalarFunction {
    name: "is_finite",
    arguments: |types| of_types(types, &[DataType::Float64], 1, "is_finite takes one number"),
    result: |_| Ok(DataType::Boolean),
    call: |args| tested(args, f64::is_finite),
};

/// `is_infinite(double)`
pub static IS_INFINITE: ScalarFunction = ScalarFunction {
    name: "is_infinite",
    arguments: |types| of_types(types, &[DataType::Float64], 1, "is_infinite takes one number"),
    result: |_| Ok(DataType::Boolean),
    call: |args| tested(args, f64::is_infinite),
};

/// `nan()`
pub static NAN: ScalarFunction = ScalarFunction {
    name: "nan",
    arguments: |types| nothing(types, "nan"),
    result: |_| Ok(DataType::Float64),
    call: |args| Ok(constant(args, f64::NAN)),
};

/// `infinity()`
pub static INFINITY: ScalarFunction = ScalarFunction {
    name: "infinity",
    arguments: |types| nothing(types, "infinity"),
    result: |_| Ok(DataType::Float64),
    call: |args| Ok(constant(args, f64::INFINITY)),
};

fn nothing(types: &[DataType], function: &str) -> Result<Vec<DataType>> {
    if types.is_empty() { Ok(Vec::new()) } else { plan_err!("{function} takes no argument") }
}

fn constant(args: &ScalarFunctionArgs, value: f64) -> ArrayRef {
    Arc::new(Float64Array::from_value(value, args.number_rows))
}

fn tested(args: &ScalarFunctionArgs, test: fn(f64) -> bool) -> Result<ArrayRef> {
    let numbers = arrays(args)?;
    let numbers = numbers[0].as_primitive::<Float64Type>();
    let is = |number: Option<f64>| number.map(test);
    Ok(Arc::new(numbers.iter().map(is).collect::<BooleanArray>()))
}
