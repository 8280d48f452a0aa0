//! Fields become values, by the rules of Java's parsers as Spark calls them. The common spellings
//! go first, in one pass.

use crate::model::ColumnType;
use crate::read::number;

/// A value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Absent.
    Null,
    /// INT.
    Int(i32),
    /// LONG.
    Long(i64),
    /// FLOAT.
    Float(f32),
    /// DOUBLE.
    Double(f64),
    /// BOOLEAN.
    Boolean(bool),
    /// STRING: the field as it is.
    Text,
}

/// The value of a field; none where the field does not fit the type. An empty field is null.
#[inline]
pub fn convert(data_type: ColumnType, field: &[u8]) -> Option<Value> {
    if field.is_empty() {
        return Some(Value::Null);
    }
    match data_type {
        ColumnType::String => Some(Value::Text),
        ColumnType::Int => long(field).and_then(|it| i32::try_from(it).ok()).map(Value::Int),
        ColumnType::Long => long(field).map(Value::Long),
        ColumnType::Float => float(field).map(Value::Float),
        ColumnType::Double => double(field).map(Value::Double),
        ColumnType::Boolean => boolean(field).map(Value::Boolean),
    }
}

/// Whether a finite number was written that the type can hold only as an infinity or as zero.
#[inline]
pub fn is_out_of_range(value: Value, field: &[u8]) -> bool {
    let (infinite, zero) = match value {
        Value::Float(it) => (it.is_infinite(), it == 0.0),
        Value::Double(it) => (it.is_infinite(), it == 0.0),
        _ => return false,
    };
    if infinite {
        return field.iter().any(u8::is_ascii_digit);
    }
    zero && has_nonzero_digit(field)
}

fn has_nonzero_digit(field: &[u8]) -> bool {
    let text = trim(field);
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    match text {
        [b'0', b'x' | b'X', rest @ ..] => rest
            .iter()
            .take_while(|it| !matches!(it, b'p' | b'P'))
            .any(|it| it.is_ascii_hexdigit() && *it != b'0'),
        text => text
            .iter()
            .take_while(|it| !matches!(it, b'e' | b'E'))
            .any(|it| (b'1'..=b'9').contains(it)),
    }
}

/// `Long.parseLong`: a sign, then digits of any script.
#[inline]
fn long(field: &[u8]) -> Option<i64> {
    let (negative, digits) = match field.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, field),
    };
    if digits.is_empty() {
        return None;
    }
    // Eighteen digits fit whatever they are.
    if digits.len() > 18 {
        return long_of_any_digits(negative, digits);
    }
    let mut value = 0_i64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return long_of_any_digits(negative, digits);
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

fn long_of_any_digits(negative: bool, digits: &[u8]) -> Option<i64> {
    let mut value = 0_i64;
    for it in std::str::from_utf8(digits).ok()?.chars() {
        let digit = i64::from(digit(it)?);
        // Counted downwards, since the least value has no positive twin.
        value = value.checked_mul(10)?.checked_sub(digit)?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

/// The zeros of the decimal digits of the basic plane, beyond ASCII. Java reads UTF-16 unit by unit
/// and knows no others.
const ZEROS: [u32; 36] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// `Character.digit`
fn digit(it: char) -> Option<u32> {
    if let Some(digit) = it.to_digit(10) {
        return Some(digit);
    }
    let code = u32::from(it);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    Some(code - zero).filter(|it| *it < 10)
}

#[inline]
fn double(field: &[u8]) -> Option<f64> {
    if let Some((value, length)) = number::float(field)
        && is_plain(field, length)
    {
        return Some(value);
    }
    Some(match special(field)? {
        Special::Value(value) => value,
        Special::Decimal(digits) => fast_float2::parse(digits).ok()?,
        Special::Hex { negative, mantissa, exponent } => {
            let value = scale(mantissa, exponent, 53, -1074);
            if negative { -value } else { value }
        }
    })
}

fn float(field: &[u8]) -> Option<f32> {
    if let Some((_, length)) = number::float(field)
        && is_plain(field, length)
    {
        return fast_float2::parse(field.strip_prefix(b"+").unwrap_or(field)).ok();
    }
    Some(match special(field)? {
        // Not a number and the infinities are the same in both widths.
        #[allow(clippy::cast_possible_truncation)]
        Special::Value(value) => value as f32,
        Special::Decimal(digits) => fast_float2::parse(digits).ok()?,
        Special::Hex { negative, mantissa, exponent } => {
            // Rounded to 24 bits already, so that only the largest values change: to infinity.
            #[allow(clippy::cast_possible_truncation)]
            let value = scale(mantissa, exponent, 24, -149) as f32;
            if negative { -value } else { value }
        }
    })
}

/// Whether the fast reader took all of the field, and took digits rather than a name that Java does
/// not know.
fn is_plain(field: &[u8], length: usize) -> bool {
    length == field.len() && matches!(field.last(), Some(b'0'..=b'9' | b'.'))
}

/// What Java's grammar of floating-point numbers has beyond the plain.
enum Special<'a> {
    Value(f64),
    Decimal(&'a [u8]),
    Hex { negative: bool, mantissa: u64, exponent: i32 },
}

/// Spark's words come first and exact; Java's parser ignores blanks around, and takes a sign before
/// its own words.
fn special(field: &[u8]) -> Option<Special<'_>> {
    match field {
        b"NaN" => return Some(Special::Value(f64::NAN)),
        b"Inf" => return Some(Special::Value(f64::INFINITY)),
        b"-Inf" => return Some(Special::Value(f64::NEG_INFINITY)),
        _ => {}
    }
    let text = trim(field);
    let negative = text.first() == Some(&b'-');
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    match unsigned {
        b"NaN" => Some(Special::Value(f64::NAN)),
        b"Infinity" if negative => Some(Special::Value(f64::NEG_INFINITY)),
        b"Infinity" => Some(Special::Value(f64::INFINITY)),
        [b'0', b'x' | b'X', rest @ ..] => hexadecimal(negative, without_suffix(rest)),
        unsigned => is_decimal(without_suffix(unsigned)).then(|| {
            let signed = if negative { text } else { unsigned };
            Special::Decimal(without_suffix(signed))
        }),
    }
}

/// Java trims what is at most U+0020.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b'\0'..=b' ', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b'\0'..=b' '] = text {
        text = rest;
    }
    text
}

fn without_suffix(text: &[u8]) -> &[u8] {
    match text {
        [rest @ .., b'f' | b'F' | b'd' | b'D'] => rest,
        text => text,
    }
}

/// Digits with at most one point, at least one digit, and an exponent or none.
fn is_decimal(text: &[u8]) -> bool {
    let end = text.iter().position(|it| matches!(it, b'e' | b'E')).unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(end);
    let digits = mantissa.iter().filter(|it| it.is_ascii_digit()).count();
    let points = memchr::memchr_iter(b'.', mantissa).count();
    let exponent_is_sound = match exponent {
        [] | [_] => exponent.is_empty(),
        [_, b'+' | b'-', digits @ ..] | [_, digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
    };
    digits > 0 && points <= 1 && digits + points == mantissa.len() && exponent_is_sound
}

/// Hexadecimal digits with at most one point, and a binary exponent.
fn hexadecimal(negative: bool, text: &[u8]) -> Option<Special<'_>> {
    let end = text.iter().position(|it| matches!(it, b'p' | b'P'))?;
    let (mut mantissa, mut shift, mut digits, mut point) = (0_u64, 0_i32, 0, false);
    for byte in &text[..end] {
        if *byte == b'.' && !point {
            point = true;
            continue;
        }
        let digit = u64::from(char::from(*byte).to_digit(16)?);
        digits += 1;
        if mantissa >> 59 == 0 {
            mantissa = mantissa << 4 | digit;
            shift -= if point { 4 } else { 0 };
        } else {
            // Too far right to matter but for the rounding of a tie.
            mantissa |= u64::from(digit != 0);
            shift += if point { 0 } else { 4 };
        }
    }
    let exponent = std::str::from_utf8(&text[end + 1..]).ok()?;
    let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits == 0 || bare.is_empty() || !bare.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let limit = 1 << 20;
    let far = if exponent.starts_with('-') { -limit } else { limit };
    let exponent = exponent.parse::<i32>().unwrap_or(far).clamp(-limit, limit);
    Some(Special::Hex { negative, mantissa, exponent: exponent.saturating_add(shift) })
}

/// `mantissa * 2^exponent`, rounded half to even to `precision` bits, of which none stands below
/// `2^least`.
fn scale(mantissa: u64, exponent: i32, precision: i32, least: i32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let bits = 64 - mantissa.leading_zeros().cast_signed();
    let drop = (bits - precision).max(least - exponent).max(0);
    if drop > 64 {
        return 0.0;
    }
    let (kept, rest) = match drop {
        0 => (mantissa, 0),
        64 => (0, mantissa),
        drop => (mantissa >> drop, mantissa << (64 - drop) >> (64 - drop)),
    };
    let half = if drop == 0 { u64::MAX } else { 1 << (drop - 1) };
    let up = drop > 0 && (rest > half || rest == half && kept & 1 == 1);
    // At most 2^53, hence exact; and so is each step of the scaling until it overflows.
    #[allow(clippy::cast_precision_loss)]
    let mut value = (kept + u64::from(up)) as f64;
    let mut exponent = exponent + drop;
    while exponent > 0 && value.is_finite() {
        let step = exponent.min(512);
        value *= 2_f64.powi(step);
        exponent -= step;
    }
    while exponent < 0 && value != 0.0 {
        let step = exponent.max(-512);
        value *= 2_f64.powi(step);
        exponent -= step;
    }
    value
}

fn boolean(field: &[u8]) -> Option<bool> {
    if field.eq_ignore_ascii_case(b"true") {
        Some(true)
    } else if field.eq_ignore_ascii_case(b"false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_those_of_java() {
        for (text, value) in [
            ("+1", 1),
            ("-0", 0),
            ("007", 7),
            ("٣٤", 34),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(
                convert(ColumnType::Long, text.as_bytes()),
                Some(Value::Long(value)),
                "{text}"
            );
        }
        for text in [" 1", "1 ", "1.0", "1e3", ".", "NA", "+", "-", "9223372036854775808", "𝟏"] {
            assert_eq!(convert(ColumnType::Long, text.as_bytes()), None, "{text}");
        }
        assert_eq!(convert(ColumnType::Int, b"2147483648"), None);
    }

    #[test]
    fn floats_are_those_of_java() {
        for (text, value) in [
            ("1e3", 1e3),
            ("1d", 1.0),
            ("1.5F", 1.5),
            ("0x1p3", 8.0),
            ("0x1.8p1", 3.0),
            ("-0x.8p-1", -0.25),
            (" 2.5\t", 2.5),
            ("+5.", 5.0),
            ("Inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("+Infinity", f64::INFINITY),
            ("1e999", f64::INFINITY),
            ("1e-999", 0.0),
            ("0x1p-1074", 5e-324),
            ("0x1.fffffffffffff8p1023", f64::INFINITY),
            ("0x0.0000000000000000001p80", 16.0),
        ] {
            assert_eq!(
                convert(ColumnType::Double, text.as_bytes()),
                Some(Value::Double(value)),
                "{text}"
            );
        }
        for text in [
            "nan", "inf", "NA", ".", "1e", "--1", "1_0", "0x1", "e5", "+Inf", "1dd", " ",
            "infinity", "0xp1", "1 2",
        ] {
            assert_eq!(convert(ColumnType::Double, text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn narrow_floats_round_once() {
        // Halfway between two 32-bit floats but for its last digit.
        assert_eq!(
            convert(ColumnType::Float, b"1.00000017881393432617187499"),
            Some(Value::Float(1.000_000_1))
        );
        assert_eq!(convert(ColumnType::Float, b"1e60"), Some(Value::Float(f32::INFINITY)));
        assert_eq!(convert(ColumnType::Float, b"0x1.fffffep127"), Some(Value::Float(f32::MAX)));
    }

    #[test]
    fn what_is_lost_is_told() {
        let lost =
            |data_type, text: &[u8]| is_out_of_range(convert(data_type, text).unwrap(), text);
        assert!(lost(ColumnType::Float, b"1e60") && lost(ColumnType::Float, b"1e-50"));
        assert!(lost(ColumnType::Double, b"1e-400") && lost(ColumnType::Double, b"0x1p-2000"));
        assert!(!lost(ColumnType::Double, b"Inf") && !lost(ColumnType::Double, b"0e5"));
    }
}
