//! How a VCF file begins, and what its lines end in.

use super::super::chunk::Text;
use super::super::header_text::HeaderKeeper;
use super::super::source::Texts;
use crate::diagnostic::rules::vcf_header as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::{Location, Result};
use crate::read::lines::without_break;

/// The byte order mark of UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The texts of a file without its byte order mark, of which it says that it was there.
pub fn without_mark(
    mut texts: Texts,
    findings: &mut Findings,
    keeper: &mut HeaderKeeper,
) -> Result<Texts> {
    let mut first = Text::default();
    while first.bytes().len() < BYTE_ORDER_MARK.len()
        && let Some(text) = texts.next()
    {
        first = Text::copied(&[first.bytes(), text?.bytes()].concat());
    }
    if first.bytes().starts_with(BYTE_ORDER_MARK) {
        first.advance(BYTE_ORDER_MARK.len());
        keeper.mark(BYTE_ORDER_MARK);
        let message = "the file begins with a byte order mark (BOM)";
        findings.add_at(&rule::BYTE_ORDER_MARK_BEFORE_HEADER, Location::at(1, 0), "", message);
    }
    Ok(Box::new(std::iter::once(Ok(first)).chain(texts)))
}

/// What a line ends in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// LF, CRLF, or the end of the file.
    #[default]
    Usual,
    /// CR alone.
    CarriageReturn,
    /// CR CR LF.
    Doubled,
}

impl LineEnd {
    /// A line without its break, and what that is.
    pub fn of(line: &[u8]) -> (&[u8], Self) {
        if let Some(line) = line.strip_suffix(b"\r\r\n") {
            (line, Self::Doubled)
        } else if let Some(line) = line.strip_suffix(b"\r") {
            (line, Self::CarriageReturn)
        } else {
            (without_break(line), Self::Usual)
        }
    }

    /// What is to be said about it.
    pub fn fault(self) -> Option<(&'static Rule, &'static str)> {
        match self {
            Self::Usual => None,
            Self::CarriageReturn => Some((
                &rule::CARRIAGE_RETURN_LINE_ENDS,
                "the line ends in a carriage return (CR) alone; what follows is the next one",
            )),
            Self::Doubled => Some((
                &rule::DOUBLED_CARRIAGE_RETURNS,
                "the line ends in two carriage returns and a line feed (CR CR LF)",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_goes_however_the_file_is_cut() {
        for size in 1..6 {
            for (file, expected, found) in
                [("\u{FEFF}#a\n", "#a\n", 1), ("#a\n", "#a\n", 0), ("", "", 0), ("#", "#", 0)]
            {
                let pieces: Vec<Vec<u8>> =
                    file.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
                let texts = Box::new(pieces.into_iter().map(|it| Ok(Text::copied(&it))));
                let mut findings = Findings::keeping(5);
                let texts =
                    without_mark(texts, &mut findings, &mut HeaderKeeper::default()).unwrap();
                let all: Vec<u8> = texts.flat_map(|it| it.unwrap().bytes().to_vec()).collect();
                assert_eq!((&all[..], findings.total()), (expected.as_bytes(), found), "{file:?}");
            }
        }
    }

    #[test]
    fn ends_are_told_apart() {
        for (line, end) in [
            ("a\n", LineEnd::Usual),
            ("a\r\n", LineEnd::Usual),
            ("a", LineEnd::Usual),
            ("a\r", LineEnd::CarriageReturn),
            ("a\r\r\n", LineEnd::Doubled),
        ] {
            assert_eq!(LineEnd::of(line.as_bytes()), (&b"a"[..], end), "{line:?}");
        }
    }
}
