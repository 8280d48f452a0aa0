//! Numbers as text.

/// Floats below this that are whole are written as integers are: each of them is itself as `f32`.
const WHOLE_BELOW: f32 = 16_777_216.0;

/// Appends an integer.
#[inline]
pub fn push_integer(out: &mut Vec<u8>, value: i64) {
    match u8::try_from(value) {
        Ok(digit @ 0..10) => out.push(b'0' + digit),
        _ => out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
    }
}

/// Appends the shortest text that is read as this float, and as no other.
#[inline]
pub fn push_float(out: &mut Vec<u8>, value: f32) {
    if value.fract() == 0.0 && value.abs() < WHOLE_BELOW && value.to_bits() != (-0.0_f32).to_bits()
    {
        #[allow(clippy::cast_possible_truncation)] // it is whole, and small
        return push_integer(out, value as i64);
    }
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
            (1e-7, "1e-7"),
            (f32::NAN, "nan"),
            (f32::INFINITY, "inf"),
            (f32::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(text(value), expected);
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
        }

        #[test]
        fn an_integer_is_itself(value in any::<i64>()) {
            let mut out = Vec::new();
            push_integer(&mut out, value);
            prop_assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
    }
}
