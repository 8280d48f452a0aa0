//! Numbers at the start of a stretch of bytes, in one pass. What is out of the ordinary goes to the
//! slower, exact reader.

/// A 32-bit integer at the start, and the bytes it took. None where there is none or it does not
/// fit.
pub fn integer(bytes: &[u8]) -> Option<(i32, usize)> {
    let (value, length) = signed(bytes)?;
    Some((i32::try_from(value).ok()?, length))
}

/// A 64-bit integer at the start, and the bytes it took. None where there is none or it does not
/// fit.
pub fn long(bytes: &[u8]) -> Option<(i64, usize)> {
    signed(bytes)
}

#[inline]
fn signed(bytes: &[u8]) -> Option<(i64, usize)> {
    let (negative, unsigned) = sign(bytes);
    let (value, rest) = digits(unsigned, 0);
    let value = match unsigned.len() - rest.len() {
        0 => return None,
        1..=18 => {
            let value = i64::try_from(value).ok()?;
            if negative { -value } else { value }
        }
        _ => many_digits(&unsigned[..unsigned.len() - rest.len()], negative)?,
    };
    Some((value, bytes.len() - rest.len()))
}

/// Whether there is a minus in front, and what follows the sign.
#[inline]
fn sign(bytes: &[u8]) -> (bool, &[u8]) {
    match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    }
}

/// The number that more digits make than surely fit, if zeros are among them.
#[cold]
fn many_digits(digits: &[u8], negative: bool) -> Option<i64> {
    let zeros = digits.iter().take_while(|it| **it == b'0').count();
    let value = std::str::from_utf8(&digits[zeros.min(digits.len() - 1)..]).ok()?;
    let value: i128 = value.parse().ok()?;
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Powers of ten that a 64-bit float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A float at the start, correctly rounded, and the bytes it took. None where there is none, or
/// where it overflows or underflows, so that the text would be lost.
///
/// A mantissa below 2^53 and a power of ten up to 22 are both exact, so one multiplication or
/// division rounds correctly (Clinger's fast path); anything else is left to `fast_float2`.
pub fn float(bytes: &[u8]) -> Option<(f64, usize)> {
    let decimal = Decimal::read(bytes)?;
    let power = POWERS.get(decimal.exponent.unsigned_abs() as usize);
    let Some(power) = power.filter(|_| decimal.is_exact()) else { return rare(bytes, &decimal) };
    #[allow(clippy::cast_precision_loss)]
    let mantissa = decimal.mantissa as f64;
    let value = if decimal.exponent < 0 { mantissa / power } else { mantissa * power };
    Some((if decimal.negative { -value } else { value }, decimal.length))
}

/// The parts of a decimal number: the mantissa, which wraps around, times a power of ten.
struct Decimal {
    negative: bool,
    mantissa: u64,
    /// Digits of the mantissa.
    digits: usize,
    exponent: i32,
    /// Bytes that the number takes.
    length: usize,
}

/// Digits that a mantissa has at most without wrapping around.
const MOST_DIGITS: usize = 19;

impl Decimal {
    /// Whether there are digits, and a 64-bit float holds their number.
    #[inline]
    fn is_exact(&self) -> bool {
        (1..=MOST_DIGITS).contains(&self.digits) && self.mantissa < 1 << 53
    }

    /// The number at the start; it may have no digits. None where only its exponent has none.
    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        let (negative, whole) = sign(bytes);
        if let Some((mantissa, exponent)) = scientific(whole) {
            let length = bytes.len() - whole.len() + "0.00000e-00".len();
            return Some(Self { negative, mantissa, digits: 6, exponent, length });
        }
        let (mut mantissa, mut rest) = digits(whole, 0);
        let mut count = whole.len() - rest.len();
        let mut exponent = 0;
        if let [b'.', fraction @ ..] = rest {
            (mantissa, rest) = digits(fraction, mantissa);
            let decimals = fraction.len() - rest.len();
            count += decimals;
            exponent = i32::try_from(decimals).map_or(i32::MIN, |it| -it);
        }
        if let [b'e' | b'E', written @ ..] = rest
            && count > 0
        {
            let (power, length) = power(written)?;
            exponent = exponent.saturating_add(power);
            rest = &written[length..];
        }
        let length = bytes.len() - rest.len();
        Some(Self { negative, mantissa, digits: count, exponent, length })
    }
}

/// The mantissa and the exponent of a number at the start that is written as `0.00000e-00`, with
/// `%.5e` in terms of `printf`: so gnomAD writes frequencies, which are most of its floats. Eight
/// bytes are looked at as one number.
#[inline]
fn scientific(bytes: &[u8]) -> Option<(u64, i32)> {
    const FORM: u64 = u64::from_le_bytes(*b"0.00000e");
    /// Where only a digit has no bit set, once the form is taken off and 6 added to digits.
    const NO_DIGIT: u64 = u64::from_le_bytes([0xF0, 0xFF, 0xF0, 0xF0, 0xF0, 0xF0, 0xF0, 0xFF]);
    const SIX: u64 = u64::from_le_bytes([6, 0, 6, 6, 6, 6, 6, 0]);
    let [first @ .., sign, tens, ones, next] = bytes.first_chunk::<12>()?;
    let values = u64::from_le_bytes(*first) ^ FORM;
    if (values | values.wrapping_add(SIX)) & NO_DIGIT != 0 || next.is_ascii_digit() {
        return None;
    }
    let (power, _) = power(&[*sign, *tens, *ones]).filter(|(_, length)| *length == 3)?;
    // The five decimals, behind three zeros, become pairs, then fours, then one number.
    let decimals = values >> 16 << 24;
    let pairs = decimals.wrapping_mul(10).wrapping_add(decimals >> 8);
    let even = (pairs & 0xFF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let odd = (pairs >> 16 & 0xFF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    Some(((values & 0xF) * 100_000 + (even.wrapping_add(odd) >> 32), power - 5))
}

/// The digits at the start, behind those of a number, and what follows them.
#[inline]
fn digits(mut bytes: &[u8], mut number: u64) -> (u64, &[u8]) {
    while let [digit @ b'0'..=b'9', rest @ ..] = bytes {
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        bytes = rest;
    }
    (number, bytes)
}

/// The exponent at the start, and the bytes it took. Nearly all have a sign and two digits.
#[inline]
fn power(bytes: &[u8]) -> Option<(i32, usize)> {
    if let [sign @ (b'-' | b'+'), tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] = bytes
        && !rest.first().is_some_and(u8::is_ascii_digit)
    {
        let power = i32::from((tens - b'0') * 10 + (ones - b'0'));
        return Some((if *sign == b'-' { -power } else { power }, 3));
    }
    integer(bytes)
}

/// What is no plain number.
#[cold]
fn rare(bytes: &[u8], decimal: &Decimal) -> Option<(f64, usize)> {
    if decimal.digits == 0 {
        return named(bytes);
    }
    let is_zero = decimal.mantissa == 0 && decimal.digits <= MOST_DIGITS;
    exact(&bytes[..decimal.length], is_zero).map(|value| (value, decimal.length))
}

/// The general case. `is_zero` tells a true zero from one that underflowed.
fn exact(bytes: &[u8], is_zero: bool) -> Option<f64> {
    let digits = bytes.strip_prefix(b"+").unwrap_or(bytes);
    let value: f64 = fast_float2::parse(digits).ok()?;
    let written_zero = is_zero
        || !digits
            .iter()
            .take_while(|it| !matches!(it, b'e' | b'E'))
            .any(|it| (b'1'..=b'9').contains(it));
    (value.is_finite() && (value != 0.0 || written_zero)).then_some(value)
}

/// `nan`, `inf` and `infinity` in any case, with or without a sign (VCF 4.3, section 1.3).
fn named(bytes: &[u8]) -> Option<(f64, usize)> {
    let end =
        bytes.iter().position(|it| matches!(it, b',' | b';' | b':' | b'\t')).unwrap_or(bytes.len());
    let (sign, rest) = match bytes[..end].split_first()? {
        (b'-', rest) => (-1.0, rest),
        (b'+', rest) => (1.0, rest),
        _ => (1.0, &bytes[..end]),
    };
    if rest.eq_ignore_ascii_case(b"nan") {
        Some((f64::NAN, end))
    } else if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        Some((sign * f64::INFINITY, end))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn integers() {
        assert_eq!(integer(b"12;"), Some((12, 2)));
        assert_eq!(integer(b"-7,"), Some((-7, 2)));
        assert_eq!(integer(b"+7"), Some((7, 2)));
        assert_eq!(integer(b"2147483647"), Some((i32::MAX, 10)));
        assert_eq!(integer(b"-2147483648"), Some((i32::MIN, 11)));
        assert_eq!(integer(b"2147483648"), None);
        assert_eq!(integer(b"99999999999999999999"), None);
        assert_eq!(integer(b"-00000000000000000000000012,"), Some((-12, 27)));
        assert_eq!(integer(b"00000000000000000000"), Some((0, 20)));
        assert_eq!(integer(b""), None);
        assert_eq!(integer(b"-"), None);
        assert_eq!(integer(b"x"), None);
        assert_eq!(long(b"2148352434;"), Some((2_148_352_434, 10)));
        assert_eq!(long(b"9223372036854775807"), Some((i64::MAX, 19)));
        assert_eq!(long(b"-9223372036854775808"), Some((i64::MIN, 20)));
        assert_eq!(long(b"9223372036854775808"), None);
        assert_eq!(long(&[b'9'; 60]), None);
    }

    #[test]
    fn floats_round_as_the_standard_library_does() {
        for text in [
            "0",
            "1",
            "0.5",
            "-0.25",
            "1e3",
            "6.58770e-06",
            "1E-5",
            "123456789.123456789",
            "9007199254740993",
            ".5",
            "5.",
            "1e22",
            "1e23",
            "1.7976931348623157e308",
            "5e-324",
            "0.000000000000000000000000000001",
            "00000000000000000000001.5",
            "1.32610e-05",
            "-9.87654e+09",
            "+0.00000e+00",
            "1.23456e-99",
            "1.23456e123",
            "1.23456e+5",
            "1.23456e+022",
            "1.234567e-01",
        ] {
            let expected: f64 = text.parse().unwrap();
            for behind in ["", ";", ",0.00000e-00"] {
                let bytes = [text, behind].concat();
                assert_eq!(float(bytes.as_bytes()), Some((expected, text.len())), "{bytes}");
            }
        }
    }

    proptest! {
        #[test]
        fn floats_of_any_form_round_as_the_standard_library_does(
            text in r"[-+]?([0-9]{1,20}(\.[0-9]{0,20})?|[0-9]\.[0-9]{5})([eE][-+]?[0-9]{1,2})?",
            behind in "([;,:\t][0-9.]{0,12})?",
        ) {
            let expected: f64 = text.parse().unwrap();
            let bytes = [text.as_str(), &behind].concat();
            prop_assert_eq!(float(bytes.as_bytes()), Some((expected, text.len())));
        }

        #[test]
        fn integers_are_those_of_the_standard_library(text in "[-+]?[0-9]{1,24}") {
            let expected = text.parse::<i32>().ok().map(|it| (it, text.len()));
            prop_assert_eq!(integer(text.as_bytes()), expected);
            let expected = text.parse::<i64>().ok().map(|it| (it, text.len()));
            prop_assert_eq!(long(text.as_bytes()), expected);
        }
    }

    #[test]
    fn floats_that_would_be_lost_are_refused() {
        for text in ["1e999", "1e-999", "-1e400", "", "-", ".", "e5", "1e", "abc"] {
            assert_eq!(float(text.as_bytes()), None, "{text}");
        }
        assert_eq!(float(b"0e-999"), Some((0.0, 6)));
    }

    #[test]
    fn named_floats() {
        assert!(float(b"NaN,").is_some_and(|(value, length)| value.is_nan() && length == 3));
        assert_eq!(float(b"-inf"), Some((f64::NEG_INFINITY, 4)));
        assert_eq!(float(b"Infinity;"), Some((f64::INFINITY, 8)));
        assert_eq!(float(b"infant"), None);
    }
}
