//! Percent codes, by which a text writes what would end it or be read as something else.

/// The bytes of a text that are written as codes of two hex digits behind a percent sign.
#[derive(Debug)]
pub struct Codes([bool; 256]);

/// Of forms without codes: every text stands as it is.
pub static NO_CODES: Codes = Codes([false; 256]);

impl Codes {
    /// Codes for these bytes, for control characters and for the percent sign.
    pub const fn of(special: &[u8]) -> Self {
        let mut coded = [false; 256];
        let mut at = 0;
        while at < coded.len() {
            coded[at] = at < 0x20 || at == 0x7f || at == b'%' as usize;
            at += 1;
        }
        let mut at = 0;
        while at < special.len() {
            coded[special[at] as usize] = true;
            at += 1;
        }
        Self(coded)
    }

    /// The same, but percent signs stay: for texts that have codes already, as in files before VCF
    /// 4.3, where nobody knows whether a code is one.
    #[must_use]
    pub const fn keeping_percent(mut self) -> Self {
        self.0[b'%' as usize] = false;
        self
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    /// Appends a text.
    pub fn append(&self, text: &[u8], out: &mut Vec<u8>) {
        if !text.iter().any(|it| self.has(*it)) {
            return out.extend_from_slice(text);
        }
        for byte in text {
            if self.has(*byte) { append_code(*byte, out) } else { out.push(*byte) }
        }
    }

    /// Appends a text that is a value, or an element of a list: there a lone dot stands for none.
    pub fn append_value(&self, text: &[u8], out: &mut Vec<u8>) {
        if text == b"." && self.has(b'%') {
            return append_code(b'.', out);
        }
        self.append(text, out);
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
        let codes = Codes::of(b";");
        let mut out = Vec::new();
        Codes::of(b";").keeping_percent().append_value(b"a;%41", &mut out);
        assert_eq!(out, b"a%3B%41");
        for (text, expected) in [
            ("plain text", "plain text"),
            ("a;b=c\td", "a%3Bb=c%09d"),
            ("100%", "100%25"),
            ("5%41", "5%2541"),
            ("Gr\u{f6}\u{df}e", "Gr\u{f6}\u{df}e"),
            (".", "%2E"),
            ("..", ".."),
            ("", ""),
        ] {
            let mut out = Vec::new();
            codes.append_value(text.as_bytes(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
            let mut out = Vec::new();
            NO_CODES.append_value(text.as_bytes(), &mut out);
            assert_eq!(out, text.as_bytes());
        }
    }
}
