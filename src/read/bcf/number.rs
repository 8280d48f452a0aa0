//! Numbers as text. Nearly all have few digits, whose bytes are made as one number and appended as
//! many as they may be.

use crate::read::number;

/// Floats below this that are whole are written as integers are: each of them is itself as `f32`.
const WHOLE_BELOW: f32 = 16_777_216.0;
/// Powers of ten that a 64-bit float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// The text of eight digits that are all zero.
const ZEROS: u64 = u64::from_le_bytes(*b"00000000");
/// Digits that any float of 32 bits keeps.
const KEPT: i32 = 6;

/// Appends an integer.
#[inline]
pub fn push_integer(out: &mut Vec<u8>, value: i64) {
    match u32::try_from(value) {
        Ok(digit @ 0..10) => out.push(b'0' + digit.to_le_bytes()[0]),
        Ok(few @ 10..100_000_000) => {
            let digits = eight_digits(few);
            let zeros = digits.trailing_zeros() / 8;
            out.extend_from_slice(&((digits | ZEROS) >> (8 * zeros)).to_le_bytes());
            out.truncate(out.len() - zeros as usize);
        }
        _ => out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
    }
}

/// The values of the digits of a number below 100,000,000, a byte each: the first one in the lowest
/// byte, and zeros in front.
#[inline]
fn eight_digits(value: u32) -> u64 {
    let fours = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = (fours * 10_486) >> 20 & 0x7F_0000_007F;
    let pairs = hundreds | (fours - 100 * hundreds) << 16;
    let tens = (pairs * 103) >> 10 & 0xF_000F_000F_000F;
    tens | (pairs - 10 * tens) << 8
}

/// Appends the shortest text that is read as this float, and as no other, in the form that `%g` of
/// `printf` gives it.
#[inline]
pub fn push_float(out: &mut Vec<u8>, value: f32) {
    #[allow(clippy::cast_possible_truncation)] // what is whole and small is itself
    let whole = value as i32;
    #[allow(clippy::cast_precision_loss)] // and what becomes another is not
    let again = whole as f32;
    if again.to_bits() == value.to_bits() && value.abs() < WHOLE_BELOW {
        return push_integer(out, i64::from(whole));
    }
    match Decimal::of(value.abs()) {
        Some(decimal) => {
            if value < 0.0 {
                out.push(b'-');
            }
            decimal.push(out);
        }
        None => push_long_float(out, value),
    }
}

/// The number that the text of a float stands for: the one of 64 bits that is nearest to its
/// shortest digits, which are not its own.
#[inline]
pub fn as_decimal(value: f32) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // as it is written
    let whole = value as i32 as f32;
    if whole.to_bits() == value.to_bits() && value.abs() < WHOLE_BELOW {
        return value.into();
    }
    match Decimal::of(value.abs()) {
        Some(decimal) if value < 0.0 => -decimal.value,
        Some(decimal) => decimal.value,
        None => as_long_decimal(value),
    }
}

#[cold]
fn as_long_decimal(value: f32) -> f64 {
    let mut text = Vec::new();
    push_long_float(&mut text, value);
    // Each text that is written is read as a number.
    number::float(&text).map_or(f64::NAN, |it| it.0)
}

/// A float of at most six digits.
struct Decimal {
    /// The digits, the first of which is not zero, as one number.
    digits: u32,
    /// The power of ten of the first digit.
    exponent: i32,
    /// The number that they stand for, as it is read with 64 bits.
    value: f64,
}

impl Decimal {
    /// The decimal of six digits that is read as this positive float, if there is one.
    #[inline]
    fn of(value: f32) -> Option<Self> {
        let wide = f64::from(value);
        // The power of two times log10(2), rounded down: the power of ten, or one less.
        let binary = i32::from((value.to_bits() >> 23).to_le_bytes()[0]) - 127;
        let mut exponent = (binary * 1233) >> 12;
        let mut scaled = times_power(wide, KEPT - 1 - exponent)?;
        if scaled >= 999_999.5 {
            exponent += 1;
            scaled = times_power(wide, KEPT - 1 - exponent)?;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is below 10^6
        let digits = (scaled + 0.5) as u32;
        let is_in_form = (100_000..1_000_000).contains(&digits);
        let value_of_digits = times_power(f64::from(digits), exponent - KEPT + 1)?;
        #[allow(clippy::cast_possible_truncation)] // as its text is read
        let is_same = (value_of_digits as f32).to_bits() == value.to_bits();
        (is_in_form && is_same).then_some(Self { digits, exponent, value: value_of_digits })
    }

    #[inline]
    fn push(&self, out: &mut Vec<u8>) {
        // The first two of eight are zeros.
        let digits = eight_digits(self.digits) >> 16;
        let count = 8 - digits.leading_zeros() as usize / 8;
        let [digits @ .., _, _]: [u8; 8] = (digits | ZEROS).to_le_bytes();
        let mut text = [b'0'; 16];
        let length = match self.exponent {
            exponent @ 0..KEPT => {
                let whole = exponent.unsigned_abs() as usize + 1;
                text[..6].copy_from_slice(&digits);
                text[whole] = b'.';
                text[whole + 1..7].copy_from_slice(&digits[whole..]);
                if count > whole { count + 1 } else { whole }
            }
            exponent @ -4..0 => {
                let start = exponent.unsigned_abs() as usize + 1;
                text[1] = b'.';
                text[start..start + 6].copy_from_slice(&digits);
                start + count
            }
            exponent => scientific(&mut text, digits, count, exponent),
        };
        out.extend_from_slice(&text);
        out.truncate(out.len() - (text.len() - length));
    }
}

/// Writes digits as `D.DDDDDe-XX`, and says how many bytes that takes.
#[inline]
fn scientific(text: &mut [u8; 16], digits: [u8; 6], count: usize, exponent: i32) -> usize {
    text[0] = digits[0];
    text[1] = b'.';
    text[2..7].copy_from_slice(&digits[1..]);
    let at = if count > 1 { count + 1 } else { 1 };
    let [power, ..] = exponent.unsigned_abs().to_le_bytes();
    let sign = if exponent < 0 { b'-' } else { b'+' };
    text[at..at + 4].copy_from_slice(&[b'e', sign, b'0' + power / 10, b'0' + power % 10]);
    at + 4
}

/// A float times a power of ten, rounded once where the power is exact; none where it is not.
#[inline]
fn times_power(value: f64, power: i32) -> Option<f64> {
    let exact = POWERS.get(power.unsigned_abs() as usize)?;
    Some(if power < 0 { value / exact } else { value * exact })
}

/// A float with more digits, or one that is no number.
#[cold]
fn push_long_float(out: &mut Vec<u8>, value: f32) {
    if !value.is_finite() {
        let text: &[u8] = if value.is_nan() {
            b"nan"
        } else if value > 0.0 {
            b"inf"
        } else {
            b"-inf"
        };
        return out.extend_from_slice(text);
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: f32) -> String {
        let mut out = Vec::new();
        push_float(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    /// The number that the text is read as.
    fn read(value: f32) -> f64 {
        number::float(text(value).as_bytes()).unwrap().0
    }

    #[test]
    fn floats_are_short() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (50.0, "50"),
            (-3.0, "-3"),
            (0.1, "0.1"),
            (0.5, "0.5"),
            (33_554_432.0, "33554432"),
            (1e-7, "1e-07"),
            (3.955_75e-5, "3.95575e-05"),
            (0.000_131_865, "0.000131865"),
            (0.999_999_4, "0.9999994"),
            (-21.5, "-21.5"),
            (185_340.5, "185340.5"),
            (1.5e10, "1.5e+10"),
            (f32::MIN_POSITIVE, "1.1754944e-38"),
            (f32::NAN, "nan"),
            (f32::INFINITY, "inf"),
            (f32::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(text(value), expected);
            assert_eq!(as_decimal(value).to_bits(), read(value).to_bits());
        }
    }

    proptest! {
        #[test]
        fn a_float_is_read_as_itself(bits in any::<u32>()) {
            let value = f32::from_bits(bits);
            prop_assume!(!value.is_nan());
            prop_assert_eq!(text(value).parse::<f32>().unwrap().to_bits(), bits);
            // Who reads it with 64 bits and makes 32 of them gets it, too.
            #[allow(clippy::cast_possible_truncation)]
            let narrowed = text(value).parse::<f64>().unwrap() as f32;
            prop_assert_eq!(narrowed.to_bits(), bits);
            prop_assert_eq!(as_decimal(value).to_bits(), read(value).to_bits());
        }

        #[test]
        fn a_float_has_its_shortest_digits(digits in 0_u32..2_000_000, power in -40..30) {
            let value: f32 = format!("{digits}e{power}").parse().unwrap();
            prop_assume!(value.is_finite() && value != 0.0);
            let of = |text: &str| {
                let digits = text.split(['e', 'E']).next().unwrap().replace('.', "");
                digits.trim_matches('0').to_owned()
            };
            prop_assert_eq!(as_decimal(value).to_bits(), read(value).to_bits());
            prop_assert_eq!(of(&text(value)), of(ryu::Buffer::new().format(value)));
        }

        #[test]
        fn an_integer_is_itself(value in prop_oneof![any::<i64>(), -200_000_000_i64..200_000_000]) {
            let mut out = Vec::new();
            push_integer(&mut out, value);
            prop_assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
    }
}
