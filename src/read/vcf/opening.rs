//! The beginning of a VCF file: a byte order mark, and what its lines end in.

use super::super::chunk::Text;
use super::super::source::Texts;
use crate::diagnostic::Findings;
use crate::diagnostic::rules::vcf_header as rule;
use crate::model::{Location, Result};

/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// Where the first line ends at the latest, to tell what it ends in.
const FIRST_LINE: usize = 1 << 16;

/// The texts of a file without its byte order mark, and with lines that end in LF where they end
/// in CR alone. Says which it was.
pub fn readable(mut texts: Texts, findings: &mut Findings) -> Result<Texts> {
    let mut first = first_line(&mut texts)?;
    if first.bytes().starts_with(BYTE_ORDER_MARK) {
        first.advance(BYTE_ORDER_MARK.len());
        let message = "the file begins with a byte order mark (BOM)";
        findings.add_at(&rule::BYTE_ORDER_MARK_BEFORE_HEADER, Location::at(1, 0), "", message);
    }
    let ends_in_cr = ends_in_cr(first.bytes());
    let texts = std::iter::once(Ok(first)).chain(texts);
    if !ends_in_cr {
        return Ok(Box::new(texts));
    }
    let message = "the lines end in a carriage return (CR) alone";
    findings.add_at(&rule::CARRIAGE_RETURN_LINE_ENDS, Location::at(1, 0), "", message);
    let mut after_cr = false;
    Ok(Box::new(texts.map(move |text| {
        let mut text = text?;
        if after_cr && text.bytes().first() == Some(&b'\n') {
            text.advance(1);
        }
        after_cr = text.bytes().last() == Some(&b'\r');
        end_in_lf(text.room_mut());
        Ok(text)
    })))
}

/// Texts up to the end of the first line and the byte behind it, put together.
fn first_line(texts: &mut Texts) -> Result<Text> {
    let mut first = Text::default();
    for text in texts {
        let text = text?;
        first = if first.bytes().is_empty() {
            text
        } else {
            Text::copied(&[first.bytes(), text.bytes()].concat())
        };
        let bytes = first.bytes();
        let end = memchr::memchr2(b'\r', b'\n', bytes);
        if bytes.len() > FIRST_LINE || end.is_some_and(|it| it + 1 < bytes.len()) {
            break;
        }
    }
    Ok(first)
}

fn ends_in_cr(start: &[u8]) -> bool {
    let within = &start[..start.len().min(FIRST_LINE)];
    memchr::memchr2(b'\r', b'\n', within)
        .is_some_and(|at| within[at] == b'\r' && start.get(at + 1) != Some(&b'\n'))
}

/// Writes LF for each CR that no LF follows.
fn end_in_lf(text: &mut [u8]) {
    for at in 0..text.len() {
        if text[at] == b'\r' && text.get(at + 1) != Some(&b'\n') {
            text[at] = b'\n';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &[u8], size: usize) -> (Vec<u8>, u64) {
        let pieces: Vec<Vec<u8>> = file.chunks(size).map(<[u8]>::to_vec).collect();
        let texts = pieces.into_iter().map(|it| Ok(Text::copied(&it)));
        let mut findings = Findings::keeping(5);
        let texts = readable(Box::new(texts), &mut findings).unwrap();
        let all: Vec<u8> = texts.flat_map(|it| it.unwrap().bytes().to_vec()).collect();
        (all, findings.total())
    }

    #[test]
    fn marks_and_carriage_returns_go_however_the_file_is_cut() {
        for size in 1..12 {
            for (file, expected, found) in [
                ("#a\nb\r\nc\rd\n", "#a\nb\r\nc\rd\n", 0),
                ("\u{FEFF}#a\nb\n", "#a\nb\n", 1),
                ("#a\rb\rc\r\nd\r", "#a\nb\nc\r\nd\n", 1),
                ("\u{FEFF}#a\rb", "#a\nb", 2),
                ("#a\r\nb\r\n", "#a\r\nb\r\n", 0),
                ("#a\r", "#a\n", 1),
                ("", "", 0),
            ] {
                let (mut text, total) = read(file.as_bytes(), size);
                // CRLF that lies in two texts becomes LF.
                if total > 0 {
                    text = String::from_utf8(text).unwrap().replace("\r\n", "\n").into_bytes();
                }
                let expected =
                    if total > 0 { expected.replace("\r\n", "\n") } else { expected.to_owned() };
                assert_eq!(text, expected.as_bytes(), "{file:?} by {size}");
                assert_eq!(total, found, "{file:?} by {size}");
            }
        }
    }
}
