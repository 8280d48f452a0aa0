//! Percent-encoding (RFC 3986, section 2.1), which GFF3 uses in every column.

use std::borrow::Cow;

/// What decoding found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// The text, decoded.
    Sound(Cow<'a, [u8]>),
    /// A `%` at this place is not followed by two hexadecimal digits; it stays, and the others are
    /// decoded.
    BadEscape(usize, Cow<'a, [u8]>),
    /// Decoded, the text is not UTF-8: it stays as it is.
    NotUtf8,
}

/// Decodes a text that is UTF-8. The escapes of the characters in `keep` stay.
pub fn decode<'a>(text: &'a [u8], keep: &[u8]) -> Decoded<'a> {
    let Some(first) = memchr::memchr(b'%', text) else {
        return Decoded::Sound(Cow::Borrowed(text));
    };
    let mut decoded = text[..first].to_vec();
    let (mut at, mut bad) = (first, None);
    while at < text.len() {
        if text[at] != b'%' {
            decoded.push(text[at]);
            at += 1;
        } else if let Some(byte) = hex(text, at + 1) {
            if keep.contains(&byte) {
                decoded.extend_from_slice(&text[at..at + 3]);
            } else {
                decoded.push(byte);
            }
            at += 3;
        } else {
            bad = bad.or(Some(at));
            decoded.push(b'%');
            at += 1;
        }
    }
    if std::str::from_utf8(&decoded).is_err() {
        return Decoded::NotUtf8;
    }
    match bad {
        Some(at) => Decoded::BadEscape(at, Cow::Owned(decoded)),
        None => Decoded::Sound(Cow::Owned(decoded)),
    }
}

fn hex(text: &[u8], at: usize) -> Option<u8> {
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    Some(digit(*text.get(at)?)? << 4 | digit(*text.get(at + 1)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &[u8]) -> Decoded<'_> {
        super::decode(text, b"")
    }

    fn sound(text: &str) -> Decoded<'_> {
        Decoded::Sound(Cow::Borrowed(text.as_bytes()))
    }

    #[test]
    fn escapes_are_decoded_once() {
        assert_eq!(decode(b"plain + text"), sound("plain + text"));
        assert_eq!(decode(b"a%2Cb%3bc%25"), sound("a,b;c%"));
        assert_eq!(decode(b"%2541"), sound("%41"));
        assert_eq!(decode("Gr%C3%B6\u{df}e".as_bytes()), sound("Gr\u{f6}\u{df}e"));
    }

    #[test]
    fn escapes_of_what_would_separate_may_stay() {
        let kept = Decoded::Sound(Cow::Borrowed(b"a%2cb;%25".as_slice()));
        assert_eq!(super::decode(b"a%2cb%3B%25", b",%"), kept);
    }

    #[test]
    fn what_is_no_escape_stays() {
        let bad = |at, text: &'static str| Decoded::BadEscape(at, Cow::Borrowed(text.as_bytes()));
        assert_eq!(decode(b"100%"), bad(3, "100%"));
        assert_eq!(decode(b"5% of %41"), bad(1, "5% of A"));
        assert_eq!(decode(b"%4"), bad(0, "%4"));
        assert_eq!(decode("%\u{e9}a".as_bytes()), bad(0, "%\u{e9}a"));
    }

    #[test]
    fn what_is_no_utf8_stays_as_it_is() {
        assert_eq!(decode(b"caf%E9"), Decoded::NotUtf8);
    }
}
