//! Numbers at the start of a stretch of bytes, in one pass. What is out of the ordinary goes to the slower, exact reader.

/// A 32-bit integer at the start, and the bytes it took. None where there is none or it does not fit.
pub fn integer(bytes: &[u8]) -> Option<(i32, usize)> {
    let (negative, sign) = match bytes.first()? {
        b'-' => (true, 1),
        b'+' => (false, 1),
        _ => (false, 0),
    };
    let mut value = 0_i64;
    let mut at = sign;
    while let Some(digit) = bytes.get(at).map(|it| it.wrapping_sub(b'0')).filter(|it| *it < 10) {
        value = value * 10 + i64::from(digit);
        at += 1;
        if value > i64::from(u32::MAX) {
            return None;
        }
    }
    let value = i32::try_from(if negative { -value } else { value }).ok()?;
    (at > sign).then_some((value, at))
}

/// Powers of ten that a 64-bit float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A float at the start, correctly rounded, and the bytes it took. None where there is none, or where it overflows or
/// underflows, so that the text would be lost.
///
/// A mantissa below 2^53 and a power of ten up to 22 are both exact, so one multiplication or division rounds correctly
/// (Clinger's fast path); anything else is left to `fast_float2`.
pub fn float(bytes: &[u8]) -> Option<(f64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let sign = usize::from(negative || bytes.first() == Some(&b'+'));
    let mut mantissa = 0_u64;
    let mut digits = 0;
    let mut at = sign;
    while let Some(digit) = bytes.get(at).map(|it| it.wrapping_sub(b'0')).filter(|it| *it < 10) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        digits += 1;
        at += 1;
    }
    let mut exponent = 0_i32;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        while let Some(digit) = bytes.get(at).map(|it| it.wrapping_sub(b'0')).filter(|it| *it < 10)
        {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits += 1;
            exponent -= 1;
            at += 1;
        }
    }
    if digits == 0 {
        return named(bytes);
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let (power, length) = integer(&bytes[at + 1..])?;
        exponent = exponent.saturating_add(power);
        at += 1 + length;
    }
    if digits > 19 || mantissa >= 1 << 53 || !(-22..=22).contains(&exponent) {
        return exact(&bytes[..at], mantissa == 0 && digits <= 19).map(|value| (value, at));
    }
    // Exact: the mantissa is below 2^53.
    #[allow(clippy::cast_precision_loss)]
    let mantissa = mantissa as f64;
    let power = POWERS[exponent.unsigned_abs() as usize];
    let value = if exponent < 0 { mantissa / power } else { mantissa * power };
    Some((if negative { -value } else { value }, at))
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
        assert_eq!(integer(b""), None);
        assert_eq!(integer(b"-"), None);
        assert_eq!(integer(b"x"), None);
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
        ] {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(float(text.as_bytes()), Some((expected, text.len())), "{text}");
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
