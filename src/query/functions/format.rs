//! `format('%s has %,.2f', name, x)`: texts as Java's `Formatter` makes them.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use arrow::temporal_conversions::as_datetime;
use chrono::NaiveDateTime;
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::conversion::{Conversion, Piece, pieces};
use crate::query::bounds;
use crate::query::casts::{Failing, converted};
use crate::query::faults::of_value;
use crate::query::numbers::decimal;
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&ScalarFunction {
    name: "format",
    arguments: |types| match types {
        [pattern, _, ..] if pattern.is_string() || pattern.is_null() => {
            Ok(std::iter::once(DataType::Utf8).chain(types[1..].iter().cloned()).collect())
        }
        _ => plan_err!("format takes a text with places such as %s, and a value for each"),
    },
    result: |_| Ok(DataType::Utf8),
    call: format,
}];

/// A value of a row.
enum Given {
    Null,
    Integer(i64),
    Float(f64),
    /// The digits, and how many of them are behind the point.
    Decimal(i128, i8),
    Boolean(bool),
    Time(NaiveDateTime, String),
    Text(String),
}

fn format(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let patterns = given[0].as_string::<i32>();
    let columns = given[1..].iter().map(Column::of).collect::<Result<Vec<_>>>()?;
    let mut out = StringBuilder::new();
    for row in 0..args.number_rows {
        if patterns.is_null(row) {
            out.append_null();
            continue;
        }
        let text =
            formatted(patterns.value(row), &columns, row).map_err(|fault| refused(&fault))?;
        bounds::check("format", (out.values_slice().len() + text.len()) as u128)?;
        out.append_value(text);
    }
    Ok(Arc::new(out.finish()))
}

fn refused(fault: &str) -> DataFusionError {
    of_value(&format!("format: {fault}"), "%s takes any value, %d an integer, %.2f a number")
}

fn formatted(pattern: &str, columns: &[Column], row: usize) -> Result<String, String> {
    let (mut out, mut next) = (String::new(), 0);
    for piece in pieces(pattern)? {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(conversion) => {
                let at = conversion.index.unwrap_or(next);
                next += usize::from(conversion.index.is_none());
                let Some(column) = columns.get(at) else {
                    return Err(format!("there is no value for `{}`", conversion.written));
                };
                if out.len() + conversion.width > bounds::MOST {
                    return Err(format!("`{}` is too wide", conversion.written));
                }
                let text = shown(&conversion, &column.value(row))?;
                conversion.pad(&mut out, &text);
            }
        }
    }
    Ok(out)
}

/// A column, and the same as texts.
struct Column {
    values: ArrayRef,
    texts: ArrayRef,
}

impl Column {
    fn of(array: &ArrayRef) -> Result<Self> {
        let texts = converted(array, &DataType::Utf8, Failing::Fails)?;
        let values = match array.data_type() {
            it if it.is_integer() => cast(array, &DataType::Int64)?,
            it if it.is_floating() => cast(array, &DataType::Float64)?,
            DataType::Date32 | DataType::Timestamp(..) => {
                cast(array, &DataType::Timestamp(TimeUnit::Microsecond, None))?
            }
            _ => Arc::clone(array),
        };
        Ok(Self { values, texts })
    }

    fn value(&self, row: usize) -> Given {
        if self.values.is_null(row) || self.texts.is_null(row) {
            return Given::Null;
        }
        let text = || self.texts.as_string::<i32>().value(row).to_owned();
        match self.values.data_type() {
            DataType::Int64 => Given::Integer(self.values.as_primitive::<Int64Type>().value(row)),
            DataType::Float64 => Given::Float(self.values.as_primitive::<Float64Type>().value(row)),
            DataType::Decimal128(_, scale) => {
                Given::Decimal(self.values.as_primitive::<Decimal128Type>().value(row), *scale)
            }
            DataType::Boolean => Given::Boolean(self.values.as_boolean().value(row)),
            DataType::Timestamp(..) => {
                let time = self.values.as_primitive::<TimestampMicrosecondType>().value(row);
                match as_datetime::<TimestampMicrosecondType>(time) {
                    Some(time) => Given::Time(time, text()),
                    None => Given::Text(text()),
                }
            }
            _ => Given::Text(text()),
        }
    }
}

/// A value in the form that is asked for.
fn shown(conversion: &Conversion, value: &Given) -> Result<String, String> {
    let text = match (conversion.kind.to_ascii_lowercase(), value) {
        ('b', Given::Null) => "false".to_owned(),
        ('b', Given::Boolean(it)) => it.to_string(),
        ('b', _) => "true".to_owned(),
        (_, Given::Null) => conversion.cut("null"),
        ('s', value) => conversion.cut(&plain(value)),
        ('c', Given::Text(text)) => text.chars().take(1).collect(),
        ('c', Given::Integer(it)) => {
            u32::try_from(*it).ok().and_then(char::from_u32).unwrap_or('?').to_string()
        }
        ('d', Given::Integer(it)) => conversion.number(*it < 0, &it.unsigned_abs().to_string(), ""),
        ('x', Given::Integer(it)) => format!("{it:x}"),
        ('o', Given::Integer(it)) => format!("{it:o}"),
        ('f', Given::Float(it)) => float(conversion, *it),
        ('f', Given::Decimal(it, scale)) => fixed(conversion, *it, *scale),
        ('e', Given::Float(it)) => exponent(conversion, *it),
        ('e', Given::Decimal(it, scale)) => exponent(conversion, decimal::to_float(*it, *scale)),
        ('g', Given::Float(it)) => general(conversion, *it),
        ('g', Given::Decimal(it, scale)) => general(conversion, decimal::to_float(*it, *scale)),
        ('t', Given::Time(time, _)) => {
            let Some(form) = conversion.time_form() else {
                return Err(format!("`{}` is no form of a time", conversion.written));
            };
            let mut text = String::new();
            write!(text, "{}", time.format(form)).map_err(|error| error.to_string())?;
            text
        }
        _ => {
            let of = match value {
                Given::Integer(_) => "a bigint",
                Given::Float(_) => "a double",
                Given::Decimal(..) => "a decimal",
                Given::Boolean(_) => "a boolean",
                _ => "this value",
            };
            return Err(format!("`{}` is not for {of}", conversion.written));
        }
    };
    Ok(if conversion.kind.is_ascii_uppercase() { text.to_uppercase() } else { text })
}

/// As Java writes values.
fn plain(value: &Given) -> String {
    match value {
        Given::Float(it) => java(*it),
        Given::Integer(it) => it.to_string(),
        Given::Decimal(it, scale) => decimal::to_text(*it, *scale),
        Given::Boolean(it) => it.to_string(),
        Given::Text(text) | Given::Time(_, text) => text.clone(),
        Given::Null => "null".to_owned(),
    }
}

/// A double as Java's `Double.toString` writes it.
fn java(value: f64) -> String {
    let size = value.abs();
    match value {
        it if it.is_nan() => "NaN".to_owned(),
        it if it.is_infinite() => if it > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        it if it == 0.0 || (1e-3..1e7).contains(&size) => format!("{it:?}"),
        it => {
            let text = format!("{it:E}");
            let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
            let point = if digits.contains('.') { "" } else { ".0" };
            format!("{digits}{point}E{exponent}")
        }
    }
}

/// A float with a fixed number of digits, rounded half up from its shortest decimal form.
fn float(conversion: &Conversion, value: f64) -> String {
    if !value.is_finite() {
        return java(value);
    }
    let digits = conversion.precision.unwrap_or(6);
    let text = half_up(&format!("{}", value.abs()), digits);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    conversion.number(value.is_sign_negative(), whole, part)
}

fn fixed(conversion: &Conversion, value: i128, scale: i8) -> String {
    let plain = decimal::to_text(value, scale);
    let digits = conversion.precision.unwrap_or(6);
    let text = half_up(plain.trim_start_matches('-'), digits);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    conversion.number(value < 0, whole, part)
}

/// The digits of a number without sign or exponent, with so many behind the point.
fn half_up(text: &str, digits: usize) -> String {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mut all: Vec<u8> =
        whole.bytes().chain(part.bytes().chain(std::iter::repeat(b'0')).take(digits)).collect();
    if part.as_bytes().get(digits).is_some_and(|it| *it >= b'5') {
        let mut carry = true;
        for digit in all.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                carry = false;
                break;
            }
        }
        if carry {
            all.insert(0, b'1');
        }
    }
    let mut out: String = all.iter().map(|it| char::from(*it)).collect();
    if digits > 0 {
        out.insert(out.len() - digits, '.');
    }
    out
}

/// `1.234560e+01`
fn exponent(conversion: &Conversion, value: f64) -> String {
    if !value.is_finite() {
        return java(value);
    }
    let digits = conversion.precision.unwrap_or(6);
    let text = format!("{:.digits$e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let number = conversion.number(value.is_sign_negative(), whole, part);
    format!("{number}e{sign}{:02}", exponent.abs())
}

/// With so many digits in all: as `%f` or as `%e`.
fn general(conversion: &Conversion, value: f64) -> String {
    let digits = conversion.precision.unwrap_or(6).max(1);
    let text = format!("{:.*e}", digits - 1, value);
    let exponent_of = text.split_once('e').and_then(|(_, it)| it.parse::<i32>().ok());
    let (size, whole) = (exponent_of.unwrap_or(0), i32::try_from(digits).unwrap_or(i32::MAX));
    if !(-4..whole).contains(&size) {
        return exponent(&conversion.with_precision(digits - 1), value);
    }
    let behind = usize::try_from(whole - size - 1).unwrap_or(0);
    float(&conversion.with_precision(behind), text.parse().unwrap_or(value))
}
