//! Typed values (VCF 4.3, section 6.3.3).

/// The types of values, as they are numbered.
const INT8: u8 = 1;
const INT16: u8 = 2;
const INT32: u8 = 3;
const FLOAT: u8 = 5;
const TEXT: u8 = 7;

/// A missing float, and what fills a vector of floats up.
const FLOAT_MISSING: u32 = 0x7f80_0001;
const FLOAT_END: u32 = 0x7f80_0002;

/// The integers that an INFO or FORMAT value may be: eight below are reserved.
const INT_RANGE: std::ops::RangeInclusive<i64> = i32::MIN as i64 + 8..=i32::MAX as i64;

/// An element of a vector of integers or floats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Element<T> {
    /// A value.
    Value(T),
    /// None.
    Missing,
    /// What fills a vector up that is shorter than those of other samples.
    End,
}

/// The size of a vector and the type of its elements.
fn head(size: usize, code: u8, out: &mut Vec<u8>) {
    if let Ok(size @ ..15) = u8::try_from(size) {
        out.push(size << 4 | code);
    } else {
        out.push(15 << 4 | code);
        integer(i32::try_from(size).unwrap_or(i32::MAX), out);
    }
}

/// Nothing, as behind a flag.
pub fn nothing(out: &mut Vec<u8>) {
    out.push(0);
}

/// One integer.
pub fn integer(value: i32, out: &mut Vec<u8>) {
    integers(&[Element::Value(value)], 1, out);
}

/// Text.
pub fn text(value: &[u8], out: &mut Vec<u8>) {
    head(value.len(), TEXT, out);
    out.extend_from_slice(value);
}

/// Texts, each filled up to the size of the longest.
pub fn texts<'a>(values: impl Iterator<Item = &'a [u8]> + Clone, out: &mut Vec<u8>) {
    let size = values.clone().map(<[u8]>::len).max().unwrap_or(0);
    head(size, TEXT, out);
    for value in values {
        out.extend_from_slice(value);
        out.resize(out.len() + size - value.len(), 0);
    }
}

/// Vectors of integers of this size, one behind the other, in the narrowest type that holds all.
pub fn integers(elements: &[Element<i32>], size: usize, out: &mut Vec<u8>) {
    let (mut least, mut most) = (0, 0);
    for element in elements {
        if let Element::Value(value) = element {
            (least, most) = (least.min(*value), most.max(*value));
        }
    }
    // Eight values at the lower end of each type are reserved.
    if least >= -120 && most <= 127 {
        head(size, INT8, out);
        out.extend(elements.iter().map(|it| match it {
            Element::Value(value) => value.to_le_bytes()[0],
            Element::Missing => 0x80,
            Element::End => 0x81,
        }));
    } else if least >= -32_760 && most <= 32_767 {
        head(size, INT16, out);
        for element in elements {
            let [low, high, ..] = match element {
                Element::Value(value) => value.to_le_bytes(),
                Element::Missing => [0, 0x80, 0, 0],
                Element::End => [1, 0x80, 0, 0],
            };
            out.extend_from_slice(&[low, high]);
        }
    } else {
        head(size, INT32, out);
        for element in elements {
            let value = match element {
                Element::Value(value) => *value,
                Element::Missing => i32::MIN,
                Element::End => i32::MIN + 1,
            };
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
}

/// Vectors of floats of this size, one behind the other.
pub fn floats(elements: &[Element<f32>], size: usize, out: &mut Vec<u8>) {
    head(size, FLOAT, out);
    for element in elements {
        out.extend_from_slice(&bits(*element).to_le_bytes());
    }
}

/// The bits of a float; there are several of NaN.
pub fn bits(element: Element<f32>) -> u32 {
    match element {
        Element::Value(value) => value.to_bits(),
        Element::Missing => FLOAT_MISSING,
        Element::End => FLOAT_END,
    }
}

/// The integer of a text; none where it is none, or none that BCF holds.
pub fn parse_integer(text: &[u8]) -> Option<Element<i32>> {
    if text == b"." {
        return Some(Element::Missing);
    }
    let value: i64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    let value = Some(value).filter(|it| INT_RANGE.contains(it))?;
    i32::try_from(value).ok().map(Element::Value)
}

/// The float of a text; none where it is none.
pub fn parse_float(text: &[u8]) -> Option<Element<f32>> {
    if text == b"." {
        return Some(Element::Missing);
    }
    fast_float2::parse(text).ok().map(Element::Value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_bytes_of_the_specification() {
        fn check(write: impl Fn(&mut Vec<u8>), expected: &[u8]) {
            let mut out = Vec::new();
            write(&mut out);
            assert_eq!(out, expected);
        }
        check(|out| integer(7, out), &[0x11, 7]);
        check(|out| integer(-121, out), &[0x12, 0x87, 0xff]);
        check(|out| integer(40_000, out), &[0x13, 0x40, 0x9c, 0, 0]);
        check(|out| text(b"", out), &[0x07]);
        check(|out| text(b"ACG", out), &[0x37, b'A', b'C', b'G']);
        let long = [b'A'; 20];
        check(|out| text(&long, out), &[&[0xf7, 0x11, 20][..], &long].concat());
        check(|out| integers(&[Element::Missing, Element::End], 2, out), &[0x21, 0x80, 0x81]);
        check(|out| floats(&[Element::Missing], 1, out), &[0x15, 1, 0, 0x80, 0x7f]);
    }

    #[test]
    fn what_is_reserved_is_no_value() {
        assert_eq!(parse_integer(b"-2147483640"), Some(Element::Value(-2_147_483_640)));
        for text in ["-2147483641", "2147483648", "1.5", "", "x"] {
            assert_eq!(parse_integer(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_float(b"1e-3"), Some(Element::Value(0.001)));
        assert_eq!(parse_float(b"x"), None);
    }
}
