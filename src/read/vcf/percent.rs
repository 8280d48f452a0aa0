//! Percent codes, by which values of VCF 4.3 and later write what would end them, such as `%3B` for
//! a semicolon.

use std::borrow::Cow;

/// Whether texts of a file of this minor version may have percent codes.
pub fn may_have_codes(minor: u32) -> bool {
    minor >= 3
}

/// Whether a text of a file of this minor version has percent codes.
pub fn has_codes(text: &[u8], minor: u32) -> bool {
    may_have_codes(minor) && memchr::memchr(b'%', text).is_some()
}

/// The text with the characters that its codes stand for. As in the service's reader two hex
/// digits are any character up to U+00FF, and a percent sign that begins no code stays one.
pub fn decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'%', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'%', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.first_chunk::<2>().and_then(|[high, low]| {
            let digit = |it: u8| char::from(it).to_digit(16);
            u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
        });
        match digits {
            Some(code) => {
                out.extend_from_slice(char::from(code).encode_utf8(&mut [0; 2]).as_bytes());
                rest = &rest[2..];
            }
            None => out.push(b'%'),
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_htsjdk_reads() {
        for (text, expected) in [
            ("a%3Bb%2Cc%25", "a;b,c%"),
            ("%3d%3D", "=="),
            ("100%", "100%"),
            ("5%off", "5%off"),
            ("5%gg%-1", "5%gg%-1"),
            ("%E9", "\u{E9}"),
            ("%c3%a9", "\u{C3}\u{A9}"),
            ("%253B", "%3B"),
            ("%%41", "%A"),
            ("%4", "%4"),
            ("", ""),
        ] {
            assert_eq!(decoded(text.as_bytes()), expected.as_bytes(), "{text}");
        }
        assert!(has_codes(b"%", 3) && !has_codes(b"%", 2) && !has_codes(b"a", 5));
    }
}
