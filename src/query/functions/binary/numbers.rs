//! Numbers as bytes, and as digits of another base.

use datafusion::common::{Result, exec_datafusion_err, exec_err};

use crate::query::rows::by_row;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &TO_BASE,
    &FROM_BASE,
    &TO_BIG_ENDIAN_32,
    &TO_BIG_ENDIAN_64,
    &FROM_BIG_ENDIAN_32,
    &FROM_BIG_ENDIAN_64,
    &TO_IEEE754_32,
    &TO_IEEE754_64,
    &FROM_IEEE754_32,
    &FROM_IEEE754_64,
];

/// `to_base(number, radix)`: its digits, of which letters are in lower case.
pub static TO_BASE: ScalarFunction =
    by_row!("to_base", |number: i64, radix: i64| -> Result<String> {
        let radix = radix_of(radix)?;
        let (mut rest, mut digits) = (number.unsigned_abs(), Vec::new());
        while rest > 0 || digits.is_empty() {
            let digit = u32::try_from(rest % u64::from(radix)).unwrap_or_default();
            digits.extend(char::from_digit(digit, radix));
            rest /= u64::from(radix);
        }
        let sign = if number < 0 { Some('-') } else { None };
        Ok(sign.into_iter().chain(digits.into_iter().rev()).collect())
    });

/// `from_base(digits, radix)`
pub static FROM_BASE: ScalarFunction =
    by_row!("from_base", |digits: &str, radix: i64| -> Result<i64> {
        i64::from_str_radix(digits, radix_of(radix)?)
            .map_err(|_| exec_datafusion_err!("'{digits}' is not a bigint of base {radix}"))
    });

fn radix_of(radix: i64) -> Result<u32> {
    match u32::try_from(radix) {
        Ok(it) if (2..=36).contains(&it) => Ok(it),
        _ => exec_err!("the radix is {radix}, but has to be 2 to 36"),
    }
}

/// `to_big_endian_32(integer)`: four bytes, the highest first.
pub static TO_BIG_ENDIAN_32: ScalarFunction =
    by_row!("to_big_endian_32", |number: i64| -> Result<Vec<u8>> {
        let number = i32::try_from(number)
            .map_err(|_| exec_datafusion_err!("{number} is too large for integer"))?;
        Ok(number.to_be_bytes().to_vec())
    });

/// `to_big_endian_64(bigint)`: eight bytes, the highest first.
pub static TO_BIG_ENDIAN_64: ScalarFunction =
    by_row!("to_big_endian_64", |number: i64| -> Vec<u8> { number.to_be_bytes().to_vec() });

/// `from_big_endian_32(bytes)`: the integer that four bytes are.
pub static FROM_BIG_ENDIAN_32: ScalarFunction =
    by_row!("from_big_endian_32", |bytes: &[u8]| -> Result<i32> {
        Ok(i32::from_be_bytes(exactly("from_big_endian_32", bytes)?))
    });

/// `from_big_endian_64(bytes)`: the bigint that eight bytes are.
pub static FROM_BIG_ENDIAN_64: ScalarFunction =
    by_row!("from_big_endian_64", |bytes: &[u8]| -> Result<i64> {
        Ok(i64::from_be_bytes(exactly("from_big_endian_64", bytes)?))
    });

/// `to_ieee754_32(real)`: its four bytes, the highest first.
pub static TO_IEEE754_32: ScalarFunction = by_row!("to_ieee754_32", |number: f64| -> Vec<u8> {
    // A real is a double here that has no more digits than one.
    #[expect(clippy::cast_possible_truncation)]
    let number = number as f32;
    number.to_be_bytes().to_vec()
});

/// `from_ieee754_32(bytes)`: the real that four bytes are.
pub static FROM_IEEE754_32: ScalarFunction =
    by_row!("from_ieee754_32", |bytes: &[u8]| -> Result<f32> {
        Ok(f32::from_be_bytes(exactly("from_ieee754_32", bytes)?))
    });

/// `to_ieee754_64(double)`: its eight bytes, the highest first.
pub static TO_IEEE754_64: ScalarFunction =
    by_row!("to_ieee754_64", |number: f64| -> Vec<u8> { number.to_be_bytes().to_vec() });

/// `from_ieee754_64(bytes)`: the double that eight bytes are.
pub static FROM_IEEE754_64: ScalarFunction =
    by_row!("from_ieee754_64", |bytes: &[u8]| -> Result<f64> {
        Ok(f64::from_be_bytes(exactly("from_ieee754_64", bytes)?))
    });

fn exactly<const N: usize>(function: &str, bytes: &[u8]) -> Result<[u8; N]> {
    let given = bytes.len();
    bytes.try_into().map_err(|_| exec_datafusion_err!("{function} takes {N} bytes, not {given}"))
}
