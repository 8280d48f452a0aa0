//! Character encodings by the names that Java knows them by, since the service's reader is a Java
//! program.

use std::borrow::Cow;

use crate::model::{Error, Result};

/// How bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, the default.
    Utf8,
    /// The first 128 characters; any other byte is invalid.
    Ascii,
    /// ISO-8859-1: every byte is the character of its number. Not windows-1252.
    Latin1,
    /// One of which Java and the Encoding Standard think alike.
    Shared(SharedEncoding),
}

/// An encoding of the Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedEncoding {
    encoding: &'static encoding_rs::Encoding,
    /// Whether Java has no character where the standard has a control character from U+0080 to
    /// U+009F.
    without_controls: bool,
}

impl Encoding {
    /// The encoding of a name, in any case, or an error that says which ones there are.
    pub fn named(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        let found = match lower.as_str() {
            "utf-8" | "utf8" | "unicode-1-1-utf-8" => Some(Self::Utf8),
            "us-ascii" | "ascii" | "iso646-us" | "iso_646.irv:1991" | "ansi_x3.4-1968" | "646"
            | "default" => Some(Self::Ascii),
            "iso-8859-1" | "iso8859-1" | "iso8859_1" | "iso_8859-1" | "iso_8859_1" | "8859_1"
            | "latin1" | "latin-1" | "l1" | "cp819" | "ibm819" => Some(Self::Latin1),
            "utf-16le" | "utf_16le" | "x-utf-16le" | "unicodelittleunmarked" => {
                Some(Self::shared(encoding_rs::UTF_16LE))
            }
            "utf-16be" | "utf_16be" | "x-utf-16be" | "unicodebigunmarked" => {
                Some(Self::shared(encoding_rs::UTF_16BE))
            }
            other => by_label(other),
        };
        found.ok_or_else(|| {
            let shown: String = name.chars().take(20).flat_map(char::escape_debug).collect();
            Error::invalid(format!("readOptions.encoding is `{shown}`, which cannot be read"))
                .with_help(
                    "convert the file to UTF-8, for example with `iconv`, \
                     and leave readOptions.encoding out",
                )
        })
    }

    fn shared(encoding: &'static encoding_rs::Encoding) -> Self {
        Self::Shared(SharedEncoding {
            encoding,
            without_controls: encoding.name().starts_with("windows-"),
        })
    }

    /// Whether the bytes below 128 are the characters of ASCII, and nothing else is.
    pub fn is_ascii_compatible(self) -> bool {
        match self {
            Self::Shared(it) => it.encoding.is_ascii_compatible(),
            _ => true,
        }
    }

    /// The text of a line. Bytes that stand for nothing become U+FFFD, as in the service.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes),
            Self::Ascii => Cow::Owned(bytes.iter().map(|it| ascii(*it)).collect()),
            Self::Latin1 => Cow::Owned(bytes.iter().map(|it| char::from(*it)).collect()),
            Self::Shared(it) => {
                let (text, _) = it.encoding.decode_without_bom_handling(bytes);
                if it.without_controls && text.contains(is_c1) {
                    return Cow::Owned(text.replace(is_c1, "\u{fffd}"));
                }
                text
            }
        }
    }

    /// The bytes of a text.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Ascii => text.as_bytes().to_vec(),
            Self::Latin1 => text.chars().map(|it| u8::try_from(it).unwrap_or(b'?')).collect(),
            Self::Shared(it) if it.encoding == encoding_rs::UTF_16LE => {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Self::Shared(it) if it.encoding == encoding_rs::UTF_16BE => {
                text.encode_utf16().flat_map(u16::to_be_bytes).collect()
            }
            Self::Shared(it) => it.encoding.encode(text).0.into_owned(),
        }
    }

    /// The byte of the line at which the character begins that is at a place of the decoded text.
    pub fn raw_offset(self, raw: &[u8], decoded: usize) -> usize {
        match self {
            Self::Utf8 => {
                let mut seen = 0;
                let mut at = 0;
                for piece in raw.utf8_chunks() {
                    let valid = piece.valid().len();
                    if decoded <= seen + valid {
                        return at + decoded - seen;
                    }
                    seen += valid + '\u{fffd}'.len_utf8();
                    at += valid + piece.invalid().len();
                    if decoded < seen {
                        return at - piece.invalid().len();
                    }
                }
                raw.len()
            }
            Self::Ascii | Self::Latin1 => {
                let mut seen = 0;
                raw.iter()
                    .position(|it| {
                        let before = seen;
                        seen += match self {
                            Self::Ascii => ascii(*it).len_utf8(),
                            _ => char::from(*it).len_utf8(),
                        };
                        (before..seen).contains(&decoded)
                    })
                    .unwrap_or(raw.len())
            }
            Self::Shared(it) => it.raw_offset(raw, decoded),
        }
    }

    /// The name that Java prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Ascii => "US-ASCII",
            Self::Latin1 => "ISO-8859-1",
            Self::Shared(it) => it.encoding.name(),
        }
    }
}

impl SharedEncoding {
    /// Feeds the decoder byte by byte until the character comes out.
    fn raw_offset(self, raw: &[u8], offset: usize) -> usize {
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let mut out = [0; 64];
        let mut seen = 0;
        let mut begins = 0;
        for (index, byte) in raw.iter().enumerate() {
            let (_, _, written, _) = decoder.decode_to_utf8(&[*byte], &mut out, false);
            if written > 0 {
                if offset < seen + written {
                    return begins;
                }
                seen += written;
                begins = index + 1;
            }
        }
        begins
    }
}

/// How far bytes are UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf8Evidence {
    /// Characters beyond ASCII.
    pub good: u64,
    /// Stretches of bytes that stand for no character.
    pub bad: u64,
    /// The line of the first of those, from 1; zero where there is none.
    pub first_bad_line: u64,
}

impl Utf8Evidence {
    /// Counts the characters of a text, and what is none.
    pub fn of(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let mut line = 1;
        for chunk in bytes.utf8_chunks() {
            let valid = chunk.valid();
            found.good += valid.chars().filter(|it| !it.is_ascii()).count() as u64;
            line += valid.bytes().filter(|it| *it == b'\n').count() as u64;
            if !chunk.invalid().is_empty() {
                found.bad += 1;
                if found.first_bad_line == 0 {
                    found.first_bad_line = line;
                }
            }
        }
        found
    }

    /// Whether that is UTF-8 with some bad bytes in it, and no other encoding: there, bytes that
    /// are good UTF-8 by chance are fewer than those that are not.
    pub fn is_utf8_but_for_some(self) -> bool {
        self.good > 0 && self.bad <= self.good
    }
}

fn ascii(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { '\u{fffd}' }
}

fn is_c1(it: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&it)
}

/// The other encodings that Java and the Encoding Standard decode alike, by the names of both.
fn by_label(name: &str) -> Option<Encoding> {
    let label = match name.strip_prefix("cp").or_else(|| name.strip_prefix("windows")) {
        Some(page) => format!("windows-{}", page.trim_start_matches('-')),
        None => name.replace('_', "-").replace("iso8859-", "iso-8859-"),
    };
    let encoding = match label.as_str() {
        "windows-1250" => encoding_rs::WINDOWS_1250,
        "windows-1251" => encoding_rs::WINDOWS_1251,
        "windows-1252" => encoding_rs::WINDOWS_1252,
        "windows-1253" => encoding_rs::WINDOWS_1253,
        "windows-1254" => encoding_rs::WINDOWS_1254,
        "windows-1257" => encoding_rs::WINDOWS_1257,
        "iso-8859-2" | "latin2" => encoding_rs::ISO_8859_2,
        "iso-8859-4" | "latin4" => encoding_rs::ISO_8859_4,
        "iso-8859-5" | "cyrillic" => encoding_rs::ISO_8859_5,
        "iso-8859-13" => encoding_rs::ISO_8859_13,
        "iso-8859-15" | "latin9" | "latin-9" => encoding_rs::ISO_8859_15,
        "koi8-r" => encoding_rs::KOI8_R,
        "koi8-u" => encoding_rs::KOI8_U,
        "ibm866" | "windows-866" => encoding_rs::IBM866,
        "gbk" | "windows-936" => encoding_rs::GBK,
        "gb18030" => encoding_rs::GB18030,
        "euc-kr" => encoding_rs::EUC_KR,
        _ => return None,
    };
    Some(Encoding::shared(encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_java() {
        for (name, encoding) in [
            ("UTF8", "UTF-8"),
            ("latin1", "ISO-8859-1"),
            ("ASCII", "US-ASCII"),
            ("Cp1252", "windows-1252"),
            ("UTF-16LE", "UTF-16LE"),
            ("ISO8859_15", "ISO-8859-15"),
        ] {
            assert_eq!(Encoding::named(name).unwrap().name(), encoding, "{name}");
        }
        for name in ["UTF-32", "UTF-16", "nonsense", ""] {
            let error = Encoding::named(name).unwrap_err();
            assert!(error.message().contains(name) && error.help().is_some(), "{error}");
        }
    }

    #[test]
    fn a_stray_byte_is_told_from_another_encoding() {
        let of = |bytes: &[u8]| Utf8Evidence::of(bytes);
        let stray = of(b"a\tcaf\xc3\xa9\nb\tcaf\xe9\n");
        assert_eq!(stray, Utf8Evidence { good: 1, bad: 1, first_bad_line: 2 });
        assert!(stray.is_utf8_but_for_some());
        // A capital E with an acute accent before a dash of windows-1252 is UTF-8 by chance.
        for other in [&b"caf\xe9"[..], b"\xc9\x97 \xe9t\xe9", b"\x93x\x94", b"plain"] {
            assert!(!of(other).is_utf8_but_for_some(), "{other:?}");
        }
    }

    #[test]
    fn latin_1_and_ascii_are_not_windows_1252() {
        assert_eq!(Encoding::Latin1.decode(b"\x93\xe9"), "\u{93}é");
        assert_eq!(Encoding::Ascii.decode(b"a\xe9"), "a\u{fffd}");
        assert_eq!(
            Encoding::named("windows-1252").unwrap().decode(b"\x93\x81"),
            "\u{201c}\u{fffd}"
        );
    }

    #[test]
    fn columns_are_bytes_of_the_file() {
        assert_eq!(Encoding::Utf8.raw_offset(b"a\xff\xfeb", 7), 3);
        assert_eq!(Encoding::Utf8.raw_offset(b"a\xff\xfeb", 4), 2);
        assert_eq!(Encoding::Latin1.raw_offset(b"\xe9\xe9x", 4), 2);
        let wide = Encoding::named("UTF-16LE").unwrap();
        let raw = wide.encode("aé\u{6f22}x");
        assert_eq!(wide.raw_offset(&raw, 6), 6);
        assert_eq!(wide.raw_offset(&raw, 7), 8);
    }
}
