//! What the automaton makes of a line.

use std::ops::Range;

/// What the tokenizer did without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A quote inside a quoted field, escaped by nothing: the field was kept raw.
    UnescapedQuote,
    /// A quote written twice where doubling does not escape: both were kept.
    DoubledQuote,
    /// The line ended inside a quoted field: the opening quote was dropped.
    Unclosed,
}

/// The fields of a line.
#[derive(Debug, Default)]
pub struct Fields {
    /// The content of the fields, one after the other.
    pub text: Vec<u8>,
    /// Where each field's content ends in `text`.
    pub ends: Vec<usize>,
    /// Where each field begins in the line, in units.
    pub starts: Vec<usize>,
    /// What was repaired, each with the field and the unit of the line.
    pub repairs: Vec<(Repair, usize, usize)>,
    /// Units of the line that were read: fewer than it has where a NUL ended it.
    pub read: usize,
}

impl Fields {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The content of a field: empty where the service has null.
    pub fn content(&self, index: usize) -> Range<usize> {
        let start = index.checked_sub(1).map_or(0, |it| self.ends[it]);
        start..self.ends[index]
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.starts.clear();
        self.repairs.clear();
        self.read = 0;
    }
}
