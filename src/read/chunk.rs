//! Text is cut into chunks of whole lines.

use super::lines::any_line_length;
use super::spare;
use crate::model::{Error, ErrorKind, Result};

/// Room in front of a text, so that the broken line of the text before can be put there without
/// moving the rest.
const HEADROOM: usize = 1 << 14;
/// The longest line that is read. A longer one is no line but a file without newlines, or an
/// attack.
pub const MAX_LINE: usize = 64 << 20;

/// Where the last line ends, if lines may end in CR. A CR at the very end may be a part of CRLF,
/// and so may one before that (see [`any_line_length`]).
fn last_of_any(bytes: &[u8]) -> Option<usize> {
    let known = bytes.iter().rposition(|it| *it != b'\r').map_or(0, |it| it + 1);
    memchr::memrchr2(b'\n', b'\r', &bytes[..known]).map(|it| it + 1)
}

/// What ends a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terminator {
    /// LF, with or without CR before it.
    Newline,
    /// LF, CR or CRLF.
    Any,
    /// Exactly these bytes, of which there is at least one.
    Bytes(Vec<u8>),
}

/// A stretch of text with room in front of it.
#[derive(Debug, Default)]
pub struct Text {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Drop for Text {
    fn drop(&mut self) {
        spare::give_back(std::mem::take(&mut self.buffer));
    }
}

impl Text {
    /// A text of `length` bytes, whatever they are, to be filled through [`Text::room_mut`].
    pub fn with_room(length: usize) -> Self {
        let end = HEADROOM + length;
        let mut buffer = spare::take(end).unwrap_or_else(|| vec![0; end]);
        buffer.resize(buffer.len().max(end), 0);
        Self { buffer, start: HEADROOM, end }
    }

    /// A text of its own.
    pub fn copied(bytes: &[u8]) -> Self {
        let mut text = Self::with_room(bytes.len());
        text.room_mut().copy_from_slice(bytes);
        text
    }

    /// A text that is written piece by piece, of about so many bytes; `write` appends to what it is
    /// given.
    pub fn written(
        capacity: usize,
        write: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<Self> {
        let capacity = HEADROOM + capacity;
        let mut buffer = spare::emptied(capacity);
        buffer.resize(HEADROOM, 0);
        write(&mut buffer)?;
        let end = buffer.len();
        Ok(Self { buffer, start: HEADROOM, end })
    }

    /// The bytes to fill.
    pub fn room_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[self.start..self.end]
    }

    /// Keeps the first `length` bytes only.
    pub fn truncate(&mut self, length: usize) {
        self.end = self.end.min(self.start + length);
    }

    /// The text.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Takes the first `count` bytes off.
    pub fn advance(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Puts bytes before the first ones.
    pub fn put_before(&mut self, carry: &[u8]) {
        if let Some(start) = self.start.checked_sub(carry.len()) {
            self.buffer[start..self.start].copy_from_slice(carry);
            self.start = start;
        } else {
            let mut text = Self::with_room(carry.len() + self.bytes().len());
            let (front, back) = text.room_mut().split_at_mut(carry.len());
            front.copy_from_slice(carry);
            back.copy_from_slice(self.bytes());
            *self = text;
        }
    }
}

/// Cuts texts at line ends: an iterator of texts that each end after a line's end, but for the last
/// line of a file without one.
pub struct Chunks<I> {
    texts: I,
    terminator: Terminator,
    carry: Vec<u8>,
    /// What was put back, or left over from a cut, and comes first.
    returned: Option<Text>,
    /// Bytes that a chunk has at most, unless its one line has more.
    limit: usize,
    done: bool,
}

impl<I: Iterator<Item = Result<Text>>> Chunks<I> {
    /// Chunks of these texts, whose lines end in a newline.
    pub fn new(texts: I) -> Self {
        Self::ending_in(Terminator::Newline, texts)
    }

    /// Chunks of these texts, whose lines end in what `terminator` says.
    pub fn ending_in(terminator: Terminator, texts: I) -> Self {
        Self {
            texts,
            terminator,
            carry: Vec::new(),
            returned: None,
            limit: usize::MAX,
            done: false,
        }
    }

    /// Puts back what the reader of a header did not need.
    pub fn put_back(&mut self, text: Text) {
        self.returned = Some(text);
    }

    /// Cuts the chunks that are still to come into pieces of at most `bytes`, or of one line.
    pub fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// The first lines of a chunk, within the limit; the others come next.
    fn cut(&mut self, mut text: Text) -> Text {
        if text.bytes().len() <= self.limit {
            return text;
        }
        let (before, behind) = text.bytes().split_at(self.limit);
        let end = if self.terminator == Terminator::Any {
            last_of_any(before).unwrap_or_else(|| self.limit + any_line_length(behind))
        } else {
            let after = || memchr::memchr(b'\n', behind).map(|it| self.limit + it);
            let last = memchr::memrchr(b'\n', before).or_else(after);
            last.map_or(text.bytes().len(), |it| it + 1)
        };
        let mut first = Text::with_room(end);
        first.room_mut().copy_from_slice(&text.bytes()[..end]);
        text.advance(end);
        self.returned = Some(text);
        first
    }

    fn chunk(&mut self) -> Result<Option<Text>> {
        while let Some(text) = self.texts.next() {
            let mut text = text?;
            if let Some(lines) = self.lines_of_carry(&text) {
                return Ok(Some(lines));
            }
            let Some(end) = self.last_end(&mut text) else {
                self.carry.extend_from_slice(text.bytes());
                self.check_length(self.carry.len())?;
                continue;
            };
            let first = self.first_end(text.bytes()).unwrap_or(end);
            self.check_length(self.carry.len() + first)?;
            let rest = text.bytes()[end..].to_vec();
            text.truncate(end);
            text.put_before(&self.carry);
            self.carry = rest;
            return Ok(Some(text));
        }
        self.done = true;
        let last = Text::copied(&self.carry);
        self.carry = Vec::new();
        Ok((!last.bytes().is_empty()).then_some(last))
    }

    /// The carry, where only the text behind it shows that it ends with a line: a CR that no LF
    /// follows. That text is carried.
    fn lines_of_carry(&mut self, text: &Text) -> Option<Text> {
        let waits = self.terminator == Terminator::Any && self.carry.last() == Some(&b'\r');
        if !waits || matches!(text.bytes().first(), None | Some(b'\n' | b'\r')) {
            return None;
        }
        let lines = Text::copied(&self.carry);
        self.carry = text.bytes().to_vec();
        Some(lines)
    }

    /// Where the last line of a text ends that has its end.
    fn last_end(&mut self, text: &mut Text) -> Option<usize> {
        let bytes = text.bytes();
        match &self.terminator {
            Terminator::Newline => memchr::memrchr(b'\n', bytes).map(|it| it + 1),
            Terminator::Any => last_of_any(bytes),
            Terminator::Bytes(end) if end.len() == 1 => {
                memchr::memrchr(end[0], bytes).map(|it| it + 1)
            }
            Terminator::Bytes(end) => {
                // It may lie across texts, and overlap itself: only counting from a line's start
                // tells.
                text.put_before(&std::mem::take(&mut self.carry));
                let found = memchr::memmem::find_iter(text.bytes(), end).last();
                found.map(|it| it + end.len())
            }
        }
    }

    /// Where the first line's content ends.
    fn first_end(&self, bytes: &[u8]) -> Option<usize> {
        match &self.terminator {
            Terminator::Newline => memchr::memchr(b'\n', bytes),
            Terminator::Any => memchr::memchr2(b'\n', b'\r', bytes),
            Terminator::Bytes(end) => memchr::memmem::find(bytes, end),
        }
    }

    fn check_length(&self, length: usize) -> Result<()> {
        if length <= MAX_LINE {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unreadable, "a line is longer than 64 MiB")
            .with("line starts with", crate::diagnostic::printable(&self.carry, 60))
            .with_help("check that this is a text file whose lines end in a newline"))
    }
}

impl<I: Iterator<Item = Result<Text>>> Iterator for Chunks<I> {
    type Item = Result<Text>;

    fn next(&mut self) -> Option<Self::Item> {
        // Also after the end of the file: its last line may be what was put back.
        if let Some(text) = self.returned.take().filter(|it| !it.bytes().is_empty()) {
            return Some(Ok(self.cut(text)));
        }
        if self.done {
            return None;
        }
        let chunk = self.chunk();
        self.done |= chunk.is_err();
        chunk.map(|text| text.map(|it| self.cut(it))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(pieces: &[&str]) -> Vec<String> {
        let texts = pieces.iter().map(|piece| {
            let mut text = Text::with_room(piece.len());
            text.room_mut().copy_from_slice(piece.as_bytes());
            Ok(text)
        });
        Chunks::new(texts)
            .map(|it| String::from_utf8(it.unwrap().bytes().to_vec()).unwrap())
            .collect()
    }

    #[test]
    fn lines_that_lie_across_texts_are_joined() {
        assert_eq!(chunks(&["a\nb", "c", "d\ne\nf"]), ["a\n", "bcd\ne\n", "f"]);
    }

    #[test]
    fn a_carry_longer_than_the_headroom_is_joined_too() {
        let long = "x".repeat(HEADROOM + 5);
        assert_eq!(chunks(&[&long, "y\nz"]), [format!("{long}y\n"), "z".to_owned()]);
    }

    #[test]
    fn what_was_put_back_comes_again_even_at_the_end_of_the_file() {
        let mut text = Text::with_room(1);
        text.room_mut().copy_from_slice(b"a");
        let mut chunks = Chunks::new(std::iter::once(Ok(text)));
        let only = chunks.next().unwrap().unwrap();
        chunks.put_back(only);
        assert_eq!(chunks.next().unwrap().unwrap().bytes(), b"a");
        assert!(chunks.next().is_none());
    }

    #[test]
    fn a_limit_cuts_chunks_at_lines() {
        let mut text = Text::with_room(12);
        text.room_mut().copy_from_slice(b"a\nbb\nccccc\nd");
        let mut chunks = Chunks::new(std::iter::once(Ok(text)));
        chunks.limit(4);
        let pieces: Vec<_> =
            chunks.map(|it| String::from_utf8(it.unwrap().bytes().to_vec()).unwrap()).collect();
        assert_eq!(pieces, ["a\n", "bb\n", "ccccc\n", "d"]);
    }

    fn lines(terminator: &Terminator, file: &[u8], size: usize) -> Vec<Vec<u8>> {
        let texts = file.chunks(size).map(|it| Ok(Text::copied(it)));
        Chunks::ending_in(terminator.clone(), texts)
            .map(|it| it.unwrap().bytes().to_vec())
            .collect()
    }

    #[test]
    fn lines_may_end_in_anything() {
        let any = |file, size| lines(&Terminator::Any, file, size);
        assert_eq!(any(b"a\rb\r\nc", 1), [&b"a\r"[..], b"b\r\n", b"c"]);
        assert_eq!(any(b"a\rb\r\nc\r", 3), [&b"a\r"[..], b"b\r\n", b"c\r"]);
        for size in 1..9 {
            for chunk in any(b"a\r\r\nb\rc\r\nd\r\r\n", size) {
                assert!(!chunk.starts_with(b"\r") && !chunk.starts_with(b"\n"), "{chunk:?}");
            }
        }
        let wide = Terminator::Bytes(b"||".to_vec());
        for size in 1..6 {
            let found = lines(&wide, b"a|||b||c", size);
            // Never between the second and the third bar: lines are "a", "|b" and "c".
            assert!(found.iter().all(|it| it != b"a|||"), "{found:?}");
            assert_eq!(found.concat(), b"a|||b||c");
            assert_eq!(found.last().unwrap(), b"c");
        }
    }

    #[test]
    fn memory_is_bounded_where_texts_end_in_cr() {
        assert_eq!(lines(&Terminator::Any, b"a\rb\rc\r", 2).len(), 3);
    }

    #[test]
    fn an_empty_file_has_no_chunks() {
        assert!(chunks(&[]).is_empty());
        assert!(chunks(&[""]).is_empty());
    }

    #[test]
    fn the_longest_line_is_the_same_however_the_file_is_read() {
        let longest = "x".repeat(MAX_LINE);
        assert_eq!(chunks(&[&longest, "\n"]), [format!("{longest}\n")]);
        let longer = [longest.as_str(), "x\n"].map(|piece| {
            let mut text = Text::with_room(piece.len());
            text.room_mut().copy_from_slice(piece.as_bytes());
            Ok(text)
        });
        assert!(Chunks::new(longer.into_iter()).next().is_some_and(|it| it.is_err()));
    }
}
