//! Lines: where they end, which of them vanish, and how they are shown.

use std::borrow::Cow;

use super::encoding::Encoding;
use super::options::Dialect;
use crate::diagnostic::rules::tsv_row as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::Location;
use crate::read::chunk::Terminator;

/// What ends a line in this dialect.
pub fn terminator(dialect: &Dialect) -> Terminator {
    dialect.line_end().map_or(Terminator::Any, Terminator::Bytes)
}

/// Where the line that begins at `from` ends without its terminator, and where the next one begins.
pub fn line_end(terminator: &Terminator, text: &[u8], from: usize) -> (usize, usize) {
    let rest = &text[from..];
    let (found, length) = match terminator {
        Terminator::Newline => (memchr::memchr(b'\n', rest), 1),
        Terminator::Any => {
            let found = memchr::memchr2(b'\n', b'\r', rest);
            let is_pair = found.is_some_and(|it| rest[it..].starts_with(b"\r\n"));
            (found, if is_pair { 2 } else { 1 })
        }
        Terminator::Bytes(end) if end.len() == 1 => (memchr::memchr(end[0], rest), 1),
        Terminator::Bytes(end) => (memchr::memmem::find(rest, end), end.len()),
    };
    found.map_or((text.len(), text.len()), |it| (from + it, from + it + length))
}

/// A line that is being looked at.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Its text.
    pub text: &'a [u8],
    /// What stands in the file for the text.
    pub raw: &'a [u8],
    /// Whether the two differ, because bytes became characters.
    pub is_decoded: bool,
    /// Bytes of the file's line in front of that.
    pub mark: usize,
    /// Counted from 1, in the chunk or the file.
    pub number: u64,
}

impl<'a> Line<'a> {
    /// A line whose bytes are its text.
    pub fn of_text(text: &'a [u8], mark: usize, number: u64) -> Self {
        Self { text, raw: text, is_decoded: false, mark, number }
    }
}

impl Line<'_> {
    /// Whether trimming leaves nothing, as Java trims.
    pub fn is_blank(&self) -> bool {
        self.text.iter().all(|it| *it <= b' ')
    }

    /// Whether it begins with the comment character.
    pub fn is_comment(&self, dialect: &Dialect) -> bool {
        let Some(comment) = dialect.comment else { return false };
        let mut bytes = [0; 4];
        let comment = comment.encode_utf8(&mut bytes).as_bytes();
        // The first byte tells in nearly all lines, without a call.
        self.text.first() == comment.first() && self.text.starts_with(comment)
    }

    /// The place of a byte of the text, in bytes of the file.
    pub fn place(&self, encoding: Encoding, at: usize) -> Location {
        let at = if self.is_decoded { encoding.raw_offset(self.raw, at) } else { at };
        Location::at(self.number, self.mark + at)
    }

    /// Adds a finding about a part of the text.
    pub fn report(
        &self,
        findings: &mut Findings,
        encoding: Encoding,
        rule: &'static Rule,
        range: std::ops::Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        findings.add_shown(rule, self.place(encoding, range.start), self.text, range, message);
    }
}

/// Reports a line that vanishes because it is blank.
pub fn report_blank(findings: &mut Findings, encoding: Encoding, line: Line) {
    let (rule, message) = if line.text.is_empty() {
        (&rule::EMPTY_LINE, "the line is empty")
    } else {
        (&rule::ROW_OF_BLANKS, "the row consists of blanks only and is dropped")
    };
    line.report(findings, encoding, rule, 0..line.text.len(), || message.to_owned());
}

/// The text that the bytes of a line stand for.
pub struct DecodedLine<'a> {
    text: Cow<'a, [u8]>,
    raw: &'a [u8],
    /// Where the first character stands that bytes were replaced for.
    pub replaced: Option<usize>,
}

impl DecodedLine<'_> {
    /// The line, after a byte order mark of `mark` bytes.
    pub fn line(&self, mark: usize, number: u64) -> Line<'_> {
        let is_decoded = matches!(self.text, Cow::Owned(_));
        Line { text: &self.text, raw: self.raw, is_decoded, mark, number }
    }
}

/// Decodes the bytes of a line.
pub fn decode(encoding: Encoding, raw: &[u8]) -> DecodedLine<'_> {
    let text = match encoding.decode(raw) {
        Cow::Borrowed(text) => {
            return DecodedLine { text: Cow::Borrowed(text.as_bytes()), raw, replaced: None };
        }
        Cow::Owned(text) => text,
    };
    let replaced = memchr::memmem::find(text.as_bytes(), "\u{fffd}".as_bytes())
        .filter(|it| !is_written(encoding, raw, *it));
    DecodedLine { text: Cow::Owned(text.into_bytes()), raw, replaced }
}

/// Whether the file itself has a replacement character there.
fn is_written(encoding: Encoding, raw: &[u8], at: usize) -> bool {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(raw).is_ok(),
        Encoding::Ascii | Encoding::Latin1 => false,
        Encoding::Shared(_) => {
            let written = encoding.encode("\u{fffd}");
            raw[encoding.raw_offset(raw, at).min(raw.len())..].starts_with(&written)
        }
    }
}

/// Bytes of the byte order mark at the start of a file.
pub fn mark_length(encoding: Encoding, start: &[u8]) -> usize {
    const UTF_8: &[u8] = b"\xef\xbb\xbf";
    if start.starts_with(UTF_8) {
        return UTF_8.len();
    }
    let own = encoding.encode("\u{feff}");
    let wide = !encoding.is_ascii_compatible();
    if wide && start.starts_with(&own) { own.len() } else { 0 }
}
