//! `parse_data_size(text)`: `2.3MB` as a number of bytes.

use std::sync::Arc;

use arrow::array::Decimal128Array;
use arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::query::faults::of_value;
use crate::query::numbers::decimal::{DIGITS, within};
use crate::query::rows::{Argument, Parameter, accepted};
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls. Units are powers of 1024, and a part of a byte is left out.
pub static FUNCTIONS: &[&ScalarFunction] = &[&ScalarFunction {
    name: "parse_data_size",
    arguments: |given| accepted("parse_data_size", given, &[Parameter::of::<&str>("text")]),
    result: |_| Ok(DataType::Decimal128(DIGITS, 0)),
    call: |args| {
        let columns = arrays(args)?;
        let each = (0..args.number_rows).map(|row| {
            let Some(text) = <&str>::read(columns.first(), row) else { return Ok(None) };
            bytes(text).map(Some).ok_or_else(|| {
                let fault = format!("'{}' is no size of data", text.escape_debug());
                of_value(&fault, "write it as 1B, 2.5kB or 10MB")
            })
        });
        let sizes = each.collect::<Result<Decimal128Array>>()?;
        Ok(Arc::new(sizes.with_precision_and_scale(DIGITS, 0)?))
    },
}];

fn bytes(text: &str) -> Option<i128> {
    const UNITS: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    let (number, unit) = text.split_at(text.find(|it: char| it.is_ascii_alphabetic())?);
    let power = UNITS.iter().position(|it| *it == unit)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    let size = digits.checked_mul(1 << (10 * power))?;
    within(size / 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?, DIGITS)
}
