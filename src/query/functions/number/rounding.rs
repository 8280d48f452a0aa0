//! Functions of all kinds of numbers that keep the kind: `abs`, `sign`, `ceil`, `floor`, `round`,
//! `truncate` (Trino, `MathFunctions`). Halves are rounded away from zero.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::faults::of_value;
use crate::query::numbers::decimal::{self, power, quotient, within};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &ScalarFunction {
        name: "abs",
        arguments: |types| number(types, 1, "abs"),
        result: |types| Ok(types[0].clone()),
        call: |args| mapped(args, "abs", &ABS),
    },
    &ScalarFunction {
        name: "sign",
        arguments: |types| number(types, 1, "sign"),
        result: |types| Ok(as_decimal(&types[0], |_, _| (1, 0))),
        call: |args| mapped(args, "sign", &SIGN),
    },
    &whole("ceil", |args| mapped(args, "ceil", &CEIL)),
    &whole("ceiling", |args| mapped(args, "ceiling", &CEIL)),
    &whole("floor", |args| mapped(args, "floor", &FLOOR)),
    &ScalarFunction {
        name: "round",
        arguments: |types| number(types, 2, "round"),
        result: |types| {
            let more = |digits: u8, scale: i8| ((digits + 1).min(decimal::DIGITS), scale);
            Ok(as_decimal(&types[0], if types.len() == 1 { rounded_up } else { more }))
        },
        call: |args| mapped(args, "round", &ROUND),
    },
    &ScalarFunction {
        name: "truncate",
        arguments: |types| number(types, 2, "truncate"),
        result: |types| {
            let cut =
                |digits: u8, scale: i8| (digits.saturating_sub(scale.unsigned_abs()).max(1), 0);
            Ok(as_decimal(&types[0], if types.len() == 1 { cut } else { |p, s| (p, s) }))
        },
        call: |args| mapped(args, "truncate", &TRUNCATE),
    },
];

const fn whole(
    name: &'static str,
    call: fn(&ScalarFunctionArgs) -> Result<ArrayRef>,
) -> ScalarFunction {
    ScalarFunction {
        name,
        arguments: |types| number(types, 1, "rounding up or down"),
        result: |types| Ok(as_decimal(&types[0], rounded_up)),
        call,
    }
}

/// Digits of a decimal that may have become one larger, without a fraction.
fn rounded_up(digits: u8, scale: i8) -> (u8, i8) {
    (digits.saturating_sub(scale.unsigned_abs()) + u8::from(scale > 0), 0)
}

fn as_decimal(given: &DataType, shape: fn(u8, i8) -> (u8, i8)) -> DataType {
    match given {
        DataType::Decimal128(digits, scale) => {
            let (digits, scale) = shape(*digits, *scale);
            DataType::Decimal128(digits.clamp(1, decimal::DIGITS), scale)
        }
        other => other.clone(),
    }
}

fn number(types: &[DataType], most: usize, function: &str) -> Result<Vec<DataType>> {
    use DataType::{Decimal128, Float32, Float64, Int8, Int16, Int32, Int64, Null};
    let (Some(given), true) = (types.first(), types.len() <= most) else {
        let digits = if most > 1 { ", and perhaps how many digits" } else { "" };
        return plan_err!("{function} takes a number{digits}");
    };
    let number = match given {
        Int8 | Int16 | Int32 | Int64 | Float32 | Float64 | Decimal128(..) => given.clone(),
        it if it.is_integer() => Int64,
        Null => Float64,
        it if it.is_floating() => Float64,
        other => return plan_err!("{function} takes a number, not {}", sql_type(other)),
    };
    match types.get(1) {
        Some(digits) if digits.is_integer() || digits.is_null() => Ok(vec![number, Int64]),
        Some(digits) => {
            plan_err!("the digits of {function} are an integer, not {}", sql_type(digits))
        }
        None => Ok(vec![number]),
    }
}

/// What a function does with each kind of number, given how many digits behind the point are kept;
/// none where the result is too large. A decimal comes with its scale, and keeps it if digits are
/// given.
struct Kinds {
    integer: fn(i64, i64) -> Option<i64>,
    float: fn(f64, i64) -> f64,
    decimal: fn(i128, i8, Option<i64>) -> Option<i128>,
}

static ABS: Kinds = Kinds {
    integer: |it, _| it.checked_abs(),
    float: |it, _| it.abs(),
    decimal: |it, _, _| it.checked_abs(),
};

static SIGN: Kinds = Kinds {
    integer: |it, _| Some(it.signum()),
    // Zero has no sign, and NaN stays.
    float: |it, _| if it == 0.0 || it.is_nan() { it } else { it.signum() },
    decimal: |it, _, _| Some(it.signum()),
};

static CEIL: Kinds = Kinds {
    integer: |it, _| Some(it),
    float: |it, _| it.ceil(),
    decimal: |it, scale, _| {
        let unit = power(scale.into())?;
        Some(it.div_euclid(unit) + i128::from(it.rem_euclid(unit) != 0))
    },
};

static FLOOR: Kinds = Kinds {
    integer: |it, _| Some(it),
    float: |it, _| it.floor(),
    decimal: |it, scale, _| Some(it.div_euclid(power(scale.into())?)),
};

static ROUND: Kinds = Kinds {
    integer: |it, digits| match tens(0, digits) {
        Cut::Nothing => Some(it),
        Cut::All => Some(0),
        Cut::Unit(unit) => i64::try_from(quotient(it.into(), 0, unit)? * unit).ok(),
    },
    float: rounded,
    decimal: |it, scale, digits| match tens(scale, digits.unwrap_or(0)) {
        Cut::Nothing => Some(it),
        Cut::All => Some(0),
        Cut::Unit(unit) => {
            let count = quotient(it, 0, unit)?;
            if digits.is_some() { count.checked_mul(unit) } else { Some(count) }
        }
    },
};

static TRUNCATE: Kinds = Kinds {
    integer: |it, digits| match tens(0, digits) {
        Cut::Nothing => Some(it),
        Cut::All => Some(0),
        Cut::Unit(unit) => i64::try_from(i128::from(it) / unit * unit).ok(),
    },
    float: truncated,
    decimal: |it, scale, digits| match tens(scale, digits.unwrap_or(0)) {
        Cut::Nothing => Some(it),
        Cut::All => Some(0),
        Cut::Unit(unit) if digits.is_some() => Some(it / unit * unit),
        Cut::Unit(unit) => Some(it / unit),
    },
};

/// What is cut from a number of a scale so that some digits behind its point are left.
enum Cut {
    Nothing,
    Unit(i128),
    All,
}

fn tens(scale: i8, digits: i64) -> Cut {
    let count = i64::from(scale).saturating_sub(digits);
    match i32::try_from(count) {
        Ok(count) if count <= 0 => Cut::Nothing,
        Ok(count) => power(count).map_or(Cut::All, Cut::Unit),
        Err(_) if count < 0 => Cut::Nothing,
        Err(_) => Cut::All,
    }
}

fn rounded(value: f64, digits: i64) -> f64 {
    // From here on doubles are whole, and there is nothing to round.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    let digits = i32::try_from(digits).unwrap_or(if digits < 0 { i32::MIN } else { i32::MAX });
    let factor = 10_f64.powi(digits);
    let scaled = value * factor;
    if !value.is_finite() || scaled.abs() >= WHOLE || factor.is_infinite() {
        return value;
    }
    if factor == 0.0 { 0.0_f64.copysign(value) } else { scaled.round() / factor }
}

/// Cut as it is written: 0.29 has two digits, although the double is a little less.
fn truncated(value: f64, digits: i64) -> f64 {
    if digits == 0 || !value.is_finite() {
        return value.trunc();
    }
    let text = format!("{value}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let Ok(kept) = usize::try_from(digits) else {
        let cut = usize::try_from(digits.unsigned_abs()).unwrap_or(usize::MAX);
        let unsigned = whole.trim_start_matches('-');
        let Some(left) = unsigned.len().checked_sub(cut).filter(|it| *it > 0) else { return 0.0 };
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}e{cut}", &unsigned[..left]).parse().unwrap_or(0.0);
    };
    format!("{whole}.{}", &part[..kept.min(part.len())]).parse().unwrap_or(value)
}

fn mapped(args: &ScalarFunctionArgs, function: &str, kinds: &Kinds) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let digits = given.get(1).map(AsArray::as_primitive::<Int64Type>);
    let too_large = |what: String| {
        let fault = format!("{function}({what}) is too large for {}", sql_type(args.return_type()));
        of_value(&fault, "CAST it to double or to decimal(38, 0) before")
    };
    match given[0].data_type() {
        it if it.is_integer() => {
            let wide = cast(&given[0], &DataType::Int64)?;
            let within = |it: i64| match given[0].data_type() {
                DataType::Int8 => i8::try_from(it).is_ok(),
                DataType::Int16 => i16::try_from(it).is_ok(),
                DataType::Int32 => i32::try_from(it).is_ok(),
                _ => true,
            };
            let values = each::<Int64Type>(wide.as_primitive(), digits, |value, digits| {
                let found = (kinds.integer)(value, digits.unwrap_or(0)).filter(|it| within(*it));
                found.ok_or_else(|| too_large(value.to_string()))
            })?;
            Ok(cast(&values, args.return_type())?)
        }
        DataType::Decimal128(_, scale) => {
            let DataType::Decimal128(most, to) = *args.return_type() else {
                return plan_err!("{function} of a decimal is a decimal");
            };
            let values =
                each::<Decimal128Type>(given[0].as_primitive(), digits, |value, digits| {
                    let found = (kinds.decimal)(value, *scale, digits);
                    let found = found.and_then(|it| within(it, most));
                    found.ok_or_else(|| too_large(decimal::to_text(value, *scale)))
                })?;
            Ok(Arc::new(values.with_precision_and_scale(most, to)?))
        }
        _ => {
            let wide = cast(&given[0], &DataType::Float64)?;
            let values = each::<Float64Type>(wide.as_primitive(), digits, |value, digits| {
                Ok((kinds.float)(value, digits.unwrap_or(0)))
            })?;
            Ok(cast(&values, args.return_type())?)
        }
    }
}

/// The result for each number; null where it or its digits are.
fn each<T: ArrowPrimitiveType>(
    values: &PrimitiveArray<T>,
    digits: Option<&PrimitiveArray<Int64Type>>,
    of: impl Fn(T::Native, Option<i64>) -> Result<T::Native>,
) -> Result<PrimitiveArray<T>> {
    let value = |row: usize| {
        if values.is_null(row) || digits.is_some_and(|it| it.is_null(row)) {
            return Ok(None);
        }
        of(values.value(row), digits.map(|it| it.value(row))).map(Some)
    };
    (0..values.len()).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_cut_and_rounded_as_they_are_written() {
        for (value, digits, cut, round) in [
            (0.29, 2, "0.29", "0.29"),
            (-2.789, 2, "-2.78", "-2.79"),
            (1234.5, -2, "1200", "1200"),
            (1250.0, -2, "1200", "1300"),
            (99.0, -2, "0", "100"),
            (1e300, 2, &format!("{}", 1e300), &format!("{}", 1e300)),
            (1.5, -400, "0", "0"),
            (1.5, 400, "1.5", "1.5"),
            (f64::NAN, 2, "NaN", "NaN"),
        ] {
            assert_eq!(truncated(value, digits).to_string(), cut, "{value} {digits}");
            assert_eq!(rounded(value, digits).to_string(), round, "{value} {digits}");
        }
    }
}
