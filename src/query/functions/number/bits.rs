//! Integers as bits (Trino, `BitwiseFunctions`).

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::numeric::{bigints, of_bigints};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &two("bitwise_and", |args| of_bigints(args, |[a, b]| Ok(a & b))),
    &two("bitwise_or", |args| of_bigints(args, |[a, b]| Ok(a | b))),
    &two("bitwise_xor", |args| of_bigints(args, |[a, b]| Ok(a ^ b))),
    &ScalarFunction {
        name: "bitwise_not",
        arguments: |types| bigints(types, 1, "bitwise_not takes one integer"),
        result: |_| Ok(DataType::Int64),
        call: |args| of_bigints(args, |[it]| Ok(!it)),
    },
    &two("bit_count", |args| of_bigints(args, |[it, bits]| count(it, bits))),
    &shift("bitwise_left_shift", |args| shifted(args, left)),
    &shift("bitwise_right_shift", |args| shifted(args, right)),
    &shift("bitwise_right_shift_arithmetic", |args| shifted(args, arithmetic)),
];

const fn two(
    name: &'static str,
    call: fn(&ScalarFunctionArgs) -> Result<ArrayRef>,
) -> ScalarFunction {
    let arguments: fn(&[DataType]) -> _ = |types| bigints(types, 2, "it takes two integers");
    ScalarFunction { name, arguments, result: |_| Ok(DataType::Int64), call }
}

/// The result of a shift is of the type that is shifted.
const fn shift(
    name: &'static str,
    call: fn(&ScalarFunctionArgs) -> Result<ArrayRef>,
) -> ScalarFunction {
    let arguments: fn(&[DataType]) -> _ = |types| match types {
        [value, by] if by.is_integer() || by.is_null() => match value {
            DataType::Int8 | DataType::Int16 | DataType::Int32 => {
                Ok(vec![value.clone(), DataType::Int64])
            }
            _ => bigints(types, 2, "a shift takes an integer, and by how many bits"),
        },
        _ => plan_err!("a shift takes an integer, and by how many bits"),
    };
    ScalarFunction { name, arguments, result: |types| Ok(types[0].clone()), call }
}

fn count(value: i64, bits: i64) -> Result<i64, String> {
    let width = u32::try_from(bits).ok().filter(|it| (2..=64).contains(it));
    let Some(width) = width else {
        return Err(format!("bit_count is asked for {bits} bits, and takes 2 to 64"));
    };
    // All bits that are not in that many are copies of the sign.
    let above = value >> (width - 1);
    if above != 0 && above != -1 {
        return Err(format!("{value} does not fit into {bits} bits"));
    }
    let mask = u64::MAX >> (64 - width);
    Ok((value.cast_unsigned() & mask).count_ones().into())
}

/// The value after a shift, within a type of so many bits.
type Shift = fn(i64, u32, u32) -> i64;

fn left(value: i64, by: u32, width: u32) -> i64 {
    if by >= width { 0 } else { (value << by) << (64 - width) >> (64 - width) }
}

fn right(value: i64, by: u32, width: u32) -> i64 {
    let bits = value.cast_unsigned() & (u64::MAX >> (64 - width));
    match by {
        0 => value,
        _ if by >= width => 0,
        _ => (bits >> by).cast_signed(),
    }
}

fn arithmetic(value: i64, by: u32, width: u32) -> i64 {
    value >> by.min(width - 1)
}

fn shifted(args: &ScalarFunctionArgs, shift: Shift) -> Result<ArrayRef> {
    let width = match args.return_type() {
        DataType::Int8 => 8,
        DataType::Int16 => 16,
        DataType::Int32 => 32,
        _ => 64,
    };
    let mut wide = args.clone();
    for value in &mut wide.args {
        let array = value.to_array(args.number_rows)?;
        *value = datafusion::logical_expr::ColumnarValue::Array(cast(&array, &DataType::Int64)?);
    }
    let values = of_bigints(&wide, |[value, by]| match by {
        0.. => Ok(shift(value, u32::try_from(by).unwrap_or(u32::MAX), width)),
        _ => Err(format!("a shift is by {by} bits, and has to be by 0 or more")),
    })?;
    Ok(cast(&Arc::clone(&values), args.return_type())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_stay_within_their_type() {
        for (value, by, width, expected) in [
            (1, 3, 64, [8, 0, 0]),
            (-8, 1, 64, [-16, 9_223_372_036_854_775_804, -4]),
            (12, 64, 64, [0, 0, 0]),
            (-45, 64, 64, [0, 0, -1]),
            (-8, 1, 8, [-16, 124, -4]),
            (127, 1, 8, [-2, 63, 63]),
            (-1, 0, 32, [-1, -1, -1]),
        ] {
            let shifts: [Shift; 3] = [left, right, arithmetic];
            assert_eq!(shifts.map(|it| it(value, by, width)), expected, "{value} by {by}");
        }
    }

    #[test]
    fn bits_are_counted_within_a_width() {
        for (value, bits, expected) in
            [(9, 64, Some(2)), (-7, 64, Some(62)), (-7, 8, Some(6)), (9, 4, None), (1, 65, None)]
        {
            assert_eq!(count(value, bits).ok(), expected, "{value} in {bits}");
        }
    }
}
