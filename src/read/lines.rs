//! Lines that end in LF or CRLF: their breaks, those that are not UTF-8, and the last one of a
//! file.

use super::report::LineReport;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::file as rule;

/// Takes the lines of a chunk, one after the other.
pub trait LineParser {
    /// Where findings about the current line go.
    fn report(&mut self) -> &mut LineReport;

    /// Parses a line, both with its break: as text, and as it stands in the file, which is kept
    /// where the line is rejected.
    fn line(&mut self, readable: &[u8], in_file: &[u8]);
}

/// Parses the lines of a chunk. Bytes that are not UTF-8 become U+FFFD, as in the service.
pub fn parse(parser: &mut impl LineParser, text: &[u8]) {
    let length = |rest: &[u8]| memchr::memchr(b'\n', rest).map_or(rest.len(), |it| it + 1);
    parse_by(parser, text, length);
}

/// The same of a chunk whose lines may end in CR, too.
pub fn parse_any(parser: &mut impl LineParser, text: &[u8]) {
    parse_by(parser, text, any_line_length);
}

#[inline]
fn parse_by(parser: &mut impl LineParser, text: &[u8], length: impl Fn(&[u8]) -> usize) {
    let is_utf8 = std::str::from_utf8(text).is_ok();
    let mut at = 0;
    while at < text.len() {
        let end = at + length(&text[at..]);
        let line = &text[at..end];
        parser.report().line_number += 1;
        if is_utf8 {
            parser.line(line, line);
        } else {
            of_any_bytes(parser, line);
        }
        at = end;
    }
}

/// Parses a line of a chunk that is not UTF-8 everywhere.
fn of_any_bytes(parser: &mut impl LineParser, line: &[u8]) {
    let Err(error) = std::str::from_utf8(line) else { return parser.line(line, line) };
    let original = without_break(line);
    let at = error.valid_up_to();
    let shown = at..at + error.error_len().unwrap_or(1);
    parser.report().add(&rule::INVALID_UTF8, original, shown, || {
        format!("byte 0x{:02X} is not UTF-8", line[at])
    });
    parser.report().original = Some(original.to_vec());
    parser.line(String::from_utf8_lossy(line).as_bytes(), line);
    parser.report().original = None;
}

/// Says by a rule where the last line of a file, which is the current one, lacks its break.
pub fn check_final_break(
    report: &mut LineReport,
    text: &[u8],
    is_break: impl Fn(&u8) -> bool,
    rule: &'static Rule,
) {
    if text.last().is_some_and(|it| !is_break(it)) {
        let last = text.rsplit(is_break).next().unwrap_or_default();
        report.add(rule, last, last.len()..last.len(), || NO_FINAL_NEWLINE.to_owned());
    }
}

/// What is wrong with a last line without a newline.
pub const NO_FINAL_NEWLINE: &str = "the last line does not end in a newline";

/// How long the first line is with its break, which may be CR alone, or CR CR LF: so CRLF becomes
/// where a program writes CRLF for LF.
pub fn any_line_length(text: &[u8]) -> usize {
    let Some(at) = memchr::memchr2(b'\n', b'\r', text) else { return text.len() };
    at + match text[at..] {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    }
}

/// The line without LF or CRLF.
#[inline]
pub fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
