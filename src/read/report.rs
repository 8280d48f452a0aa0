//! Findings about the line under way, whose place is that of the file also where the line had to be decoded.

use std::ops::Range;

use crate::diagnostic::{Findings, Rule};

/// Where findings about the current line go.
pub struct LineReport {
    /// The findings so far.
    pub findings: Findings,
    /// The current line within the chunk, from 1.
    pub line_number: u64,
    /// The current line as it stands in the file, where it is not UTF-8 and is read in another form.
    pub original: Option<Vec<u8>>,
}

impl LineReport {
    /// Before the first line of a chunk; keeps `limit` findings whole.
    pub fn keeping(limit: usize) -> Self {
        Self { findings: Findings::keeping(limit), line_number: 0, original: None }
    }

    /// Adds a finding about a part of the current line.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        line: &[u8],
        range: Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        match &self.original {
            None => self.findings.add(rule, self.line_number, line, range, message),
            Some(original) => {
                let range = place_in(original, range.start)..place_in(original, range.end);
                self.findings.add(rule, self.line_number, original, range, message);
            }
        }
    }
}

/// The place in a line's bytes that a place in its readable form stands for.
fn place_in(original: &[u8], readable: usize) -> usize {
    let (mut rest, mut place) = (readable, 0);
    for chunk in original.utf8_chunks() {
        let valid = chunk.valid().len();
        if rest <= valid {
            break;
        }
        rest -= valid;
        place += valid;
        if rest < char::REPLACEMENT_CHARACTER.len_utf8() {
            return place;
        }
        rest -= char::REPLACEMENT_CHARACTER.len_utf8();
        place += chunk.invalid().len();
    }
    place + rest
}
