//! Functions of doubles (Trino, `MathFunctions`): where a result is no number they give NaN or an
//! infinity, and no error.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::numeric::{doubles, of_doubles};
use crate::query::faults::of_value;
use crate::query::rows::by_row;
use crate::query::scalar::{ScalarFunction, arrays};

macro_rules! of_one {
    ($($name:literal: $of:expr,)*) => {
        /// Functions of one number.
        pub static FUNCTIONS: &[&ScalarFunction] = &[$(&ScalarFunction {
            name: $name,
            arguments: |types| doubles(types, 1, concat!($name, " takes one number")),
            result: |_| Ok(DataType::Float64),
            call: |args| of_doubles(args, |[x]| Ok($of(x))),
        },)*];
    };
}

of_one! {
    "sqrt": f64::sqrt,
    "cbrt": f64::cbrt,
    "exp": f64::exp,
    "ln": f64::ln,
    "log2": f64::log2,
    "log10": f64::log10,
    "sin": f64::sin,
    "cos": f64::cos,
    "tan": f64::tan,
    "asin": f64::asin,
    "acos": f64::acos,
    "atan": f64::atan,
    "sinh": f64::sinh,
    "cosh": f64::cosh,
    "tanh": f64::tanh,
    "degrees": f64::to_degrees,
    "radians": f64::to_radians,
}

/// `random(first, end)`, as it is rewritten to: the integer that a share of those from `first` to
/// below `end` reaches.
static RANDOM: ScalarFunction =
    by_row!("$random", |share: f64, first: i64, end: i64| -> Result<i64> {
        let Some(count) = end.checked_sub(first).filter(|it| *it > 0) else {
            let fault = format!("random is asked for integers from {first} to below {end}");
            return Err(of_value(&fault, "the second bound has to be above the first, which is 0"));
        };
        // It stays below the end, whatever is rounded.
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let steps = ((share * count as f64).floor() as i64).clamp(0, count - 1);
        Ok(first + steps)
    });

/// The others.
pub static OTHERS: &[&ScalarFunction] = &[
    &RANDOM,
    &power("power"),
    &power("pow"),
    &ScalarFunction {
        name: "log",
        arguments: |types| doubles(types, 2, "log takes a base and a number; ln(x) has the base e"),
        result: |_| Ok(DataType::Float64),
        call: |args| of_doubles(args, |[base, x]| Ok(x.ln() / base.ln())),
    },
    &ScalarFunction {
        name: "atan2",
        arguments: |types| doubles(types, 2, "atan2 takes two numbers"),
        result: |_| Ok(DataType::Float64),
        call: |args| of_doubles(args, |[y, x]| Ok(f64::atan2(y, x))),
    },
    &ScalarFunction {
        name: "nan",
        arguments: |types| nothing(types, "nan"),
        result: |_| Ok(DataType::Float64),
        call: |args| Ok(constant(args, f64::NAN)),
    },
    &ScalarFunction {
        name: "infinity",
        arguments: |types| nothing(types, "infinity"),
        result: |_| Ok(DataType::Float64),
        call: |args| Ok(constant(args, f64::INFINITY)),
    },
    &ScalarFunction {
        name: "e",
        arguments: |types| nothing(types, "e"),
        result: |_| Ok(DataType::Float64),
        call: |args| Ok(constant(args, std::f64::consts::E)),
    },
    &ScalarFunction {
        name: "is_nan",
        arguments: |types| doubles(types, 1, "is_nan takes one number"),
        result: |_| Ok(DataType::Boolean),
        call: |args| tested(args, f64::is_nan),
    },
    &ScalarFunction {
        name: "is_finite",
        arguments: |types| doubles(types, 1, "is_finite takes one number"),
        result: |_| Ok(DataType::Boolean),
        call: |args| tested(args, f64::is_finite),
    },
    &ScalarFunction {
        name: "is_infinite",
        arguments: |types| doubles(types, 1, "is_infinite takes one number"),
        result: |_| Ok(DataType::Boolean),
        call: |args| tested(args, f64::is_infinite),
    },
];

const fn power(name: &'static str) -> ScalarFunction {
    ScalarFunction {
        name,
        arguments: |types| doubles(types, 2, "power takes a number and its exponent"),
        result: |_| Ok(DataType::Float64),
        call: |args| of_doubles(args, |[x, exponent]| Ok(raised(x, exponent))),
    }
}

/// As Java's `Math.pow`: one to the power of NaN or of an infinity is NaN.
fn raised(x: f64, exponent: f64) -> f64 {
    let is_one = x.abs().total_cmp(&1.0).is_eq();
    if exponent.is_nan() || is_one && exponent.is_infinite() {
        return f64::NAN;
    }
    x.powf(exponent)
}

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
