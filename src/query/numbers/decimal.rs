//! Decimals as whole numbers of their smallest part: `1.50` is 150 with a scale of 2.

use arrow::datatypes::{ArrowNativeType, DataType, i256};

/// The most digits of a decimal.
pub const DIGITS: u8 = 38;

/// Digits and scale of a type that decimals compute with: its own, or those that all its integers
/// fit into.
pub fn shape(data_type: &DataType) -> Option<(u8, i8)> {
    Some(match data_type {
        DataType::Decimal128(digits, scale) => (*digits, *scale),
        DataType::Int8 | DataType::UInt8 => (3, 0),
        DataType::Int16 | DataType::UInt16 => (5, 0),
        DataType::Int32 | DataType::UInt32 => (10, 0),
        DataType::Int64 => (19, 0),
        DataType::UInt64 => (20, 0),
        _ => return None,
    })
}

/// The power of ten, where there is one.
pub fn power(exponent: i32) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(exponent).ok()?)
}

/// The value, where it has no more than so many digits.
pub fn within(value: i128, digits: u8) -> Option<i128> {
    (value.unsigned_abs() < 10_u128.pow(digits.min(DIGITS).into())).then_some(value)
}

/// A value of another scale, rounded half away from zero.
pub fn rescaled(value: i128, from: i8, to: i8) -> Option<i128> {
    let by = i32::from(to) - i32::from(from);
    if by >= 0 {
        return match power(by) {
            Some(factor) => value.checked_mul(factor),
            None => (value == 0).then_some(0),
        };
    }
    match power(-by) {
        Some(divisor) => quotient(value, 0, divisor),
        None => Some(0),
    }
}

/// `dividend * 10^by / divisor`, rounded half away from zero; none where it is too large, or the
/// divisor is zero.
pub fn quotient(dividend: i128, by: i32, divisor: i128) -> Option<i128> {
    if divisor == 0 {
        return None;
    }
    if let Some(dividend) = power(by).and_then(|it| dividend.checked_mul(it)) {
        let (whole, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
        let up = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
        let away = if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
        return if up { whole.checked_add(away) } else { Some(whole) };
    }
    let ten = i256::from_i128(10);
    let mut wide = i256::from_i128(dividend);
    for _ in 0..by {
        wide = wide.checked_mul(ten)?;
    }
    let divisor = i256::from_i128(divisor);
    let (whole, rest) = (wide.checked_div(divisor)?, wide.checked_rem(divisor)?);
    let twice = rest.checked_mul(i256::from_i128(2))?.checked_abs()?;
    let up = twice >= divisor.checked_abs()?;
    let away = if (dividend < 0) == divisor.is_negative() { 1 } else { -1 };
    let whole = if up { whole.checked_add(i256::from_i128(away))? } else { whole };
    whole.to_i128()
}

/// The number that a text is, such as `-1.5` or `1e-3`, at a scale and with at most so many digits.
pub fn parsed(text: &str, digits: u8, scale: i8) -> Option<i128> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let all = format!("{whole}{part}");
    if all.is_empty() || !all.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let part = i64::try_from(part.len()).ok()?;
    let by = i64::from(scale) + i64::from(exponent) - part;
    let value = shifted(all.trim_start_matches('0'), by)?;
    within(if negative { -value } else { value }, digits)
}

/// The number of these digits times a power of ten, rounded half away from zero.
fn shifted(digits: &str, by: i64) -> Option<i128> {
    if digits.is_empty() {
        return Some(0);
    }
    if by >= 0 {
        return digits.parse::<i128>().ok()?.checked_mul(power(i32::try_from(by).ok()?)?);
    }
    let dropped = usize::try_from(-by).ok()?;
    let Some(kept) = digits.len().checked_sub(dropped) else { return Some(0) };
    let whole = if kept == 0 { 0 } else { digits[..kept].parse::<i128>().ok()? };
    let up = digits.as_bytes()[kept] >= b'5';
    whole.checked_add(up.into())
}

/// The nearest float.
pub fn to_float(value: i128, scale: i8) -> f64 {
    // Correctly rounded, which a division of large numbers is not.
    format!("{value}e{}", -i32::from(scale)).parse().unwrap_or(f64::NAN)
}

/// The value as text, with all digits of its scale.
pub fn to_text(value: i128, scale: i8) -> String {
    let scale = scale.max(0).as_usize();
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_exactly_and_rounded_half_away_from_zero() {
        for (text, scale, value) in [
            ("1.5", 2, Some(150)),
            ("-1.005", 2, Some(-101)),
            ("-1.004", 2, Some(-100)),
            ("1e3", 0, Some(1000)),
            (".5", 0, Some(1)),
            ("5.", 1, Some(50)),
            ("0.0004", 3, Some(0)),
            ("1e-400", 3, Some(0)),
            ("1e400", 3, None),
            ("", 0, None),
            (".", 0, None),
            ("1_0", 0, None),
            ("123456", 0, None),
        ] {
            assert_eq!(parsed(text, 5, scale), value, "{text}");
        }
    }

    #[test]
    fn quotients_too_wide_for_a_way_through_128_bits_are_exact() {
        let large = 10_i128.pow(37);
        assert_eq!(quotient(large, 10, large), Some(10_i128.pow(10)));
        assert_eq!(quotient(-large, 3, 3 * large), Some(-333));
        assert_eq!(quotient(2 * large, 0, 3 * large), Some(1));
        assert_eq!(quotient(large, 38, 1), None);
        assert_eq!(quotient(1, 0, 0), None);
        assert_eq!(quotient(-5, 0, 2), Some(-3));
    }

    #[test]
    fn values_are_written_with_all_digits_of_their_scale() {
        assert_eq!(to_text(150, 2), "1.50");
        assert_eq!(to_text(-5, 3), "-0.005");
        assert_eq!(to_text(7, 0), "7");
        assert_eq!(to_float(1, 1).to_string(), "0.1");
    }
}
