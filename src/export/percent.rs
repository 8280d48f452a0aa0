//! Percent codes for what would end a value.

/// Which codes a reader of the form decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// None: every text stands as it is.
    None,
    /// Two hex digits behind a percent sign.
    Hex,
}

impl Codes {
    /// Appends a text with codes for the bytes that are special, for line breaks and tabs, and for
    /// a percent sign that would begin a code.
    pub fn append(self, text: &[u8], special: &[u8], out: &mut Vec<u8>) {
        let is_plain = |byte: u8| byte >= b' ' && byte != b'%' && !special.contains(&byte);
        if self == Self::None || text.iter().all(|it| is_plain(*it)) {
            return out.extend_from_slice(text);
        }
        for (at, byte) in text.iter().enumerate() {
            let coded = match byte {
                b'%' => begins_code(&text[at + 1..]),
                byte => *byte < b' ' || special.contains(byte),
            };
            if coded { append_code(*byte, out) } else { out.push(*byte) }
        }
    }
}

/// Whether two hex digits come.
pub fn begins_code(text: &[u8]) -> bool {
    matches!(text, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Appends the code of a byte.
pub fn append_code(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(&[b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_for_what_is_special() {
        for (text, expected) in [
            ("plain text", "plain text"),
            ("a;b=c\td", "a%3Bb=c%09d"),
            ("100%", "100%"),
            ("5%41", "5%2541"),
            ("Gr\u{f6}\u{df}e", "Gr\u{f6}\u{df}e"),
        ] {
            let mut out = Vec::new();
            Codes::Hex.append(text.as_bytes(), b";", &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
            let mut out = Vec::new();
            Codes::None.append(text.as_bytes(), b";", &mut out);
            assert_eq!(out, text.as_bytes());
        }
    }
}
