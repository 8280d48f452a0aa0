//! The lines of a file to two: what an import stores, and what it cannot.

use std::collections::VecDeque;

use super::writer::TextWriter;
use crate::model::Result;

/// Bytes of the line that a text begins with, and its end.
pub type LineLength = Box<dyn Fn(&[u8]) -> usize + Send>;

/// Takes the text of a file, and later what became of its lines.
pub struct Splitter {
    valid: Option<TextWriter>,
    rejected: Option<TextWriter>,
    length: LineLength,
    /// Text of which it is not known yet what became of it, and how much of the first is done.
    waiting: VecDeque<Vec<u8>>,
    done: usize,
    /// Lines that went.
    lines: u64,
    /// Whether the lines so far are those that stand before the first record.
    is_head: bool,
    /// Whether those begin with `#` and nothing else says how many they are.
    is_marked: bool,
}

impl Splitter {
    /// Splits lines of this length to where they are wanted. Where `is_marked`, the lines before
    /// the first record are those that begin with `#`.
    pub fn new(
        valid: Option<TextWriter>,
        rejected: Option<TextWriter>,
        length: LineLength,
        is_marked: bool,
    ) -> Self {
        let (waiting, done, lines, is_head) = (VecDeque::new(), 0, 0, true);
        Self { valid, rejected, length, waiting, done, lines, is_head, is_marked }
    }

    /// Takes the next whole lines.
    pub fn push(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.waiting.push_back(text.to_vec());
        }
    }

    /// Lets so many lines go, of which these, counted from 1, cannot be stored. They come behind
    /// `first_lines` lines of the file.
    pub fn decide(&mut self, first_lines: u64, lines: u64, rejected: &[u64]) -> Result<()> {
        while self.lines < first_lines && self.line(Fate::Both)? {}
        let mut rejected = rejected.iter().copied().peekable();
        for number in 1..=lines {
            let is_rejected = rejected.next_if_eq(&number).is_some();
            self.is_head &= self.is_marked && self.next_line().first() == Some(&b'#');
            let fate = match (is_rejected, self.is_head) {
                (true, _) => Fate::Rejected,
                (false, true) => Fate::Both,
                (false, false) => Fate::Valid,
            };
            self.line(fate)?;
        }
        Ok(())
    }

    /// Ends both files; what was not decided is no record.
    pub fn finish(mut self) -> Result<()> {
        let fate = if self.is_head { Fate::Both } else { Fate::Valid };
        while self.line(fate)? {}
        for it in [self.valid, self.rejected].into_iter().flatten() {
            it.finish()?;
        }
        Ok(())
    }

    fn next_line(&self) -> &[u8] {
        self.waiting.front().map_or(b"", |it| &it[self.done..])
    }

    /// Writes the next line; false where there is none.
    fn line(&mut self, fate: Fate) -> Result<bool> {
        let Some(text) = self.waiting.front() else { return Ok(false) };
        let end = self.done + (self.length)(&text[self.done..]).max(1);
        let line = &text[self.done..end];
        if let Some(valid) = self.valid.as_mut().filter(|_| fate != Fate::Rejected) {
            valid.write(line)?;
        }
        if let Some(rejected) = self.rejected.as_mut().filter(|_| fate != Fate::Valid) {
            rejected.write(line)?;
        }
        self.lines += 1;
        self.done = end;
        if end == text.len() {
            self.waiting.pop_front();
            self.done = 0;
        }
        Ok(true)
    }
}

/// Where a line goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Valid,
    Rejected,
    Both,
}
