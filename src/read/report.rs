//! What is to be said about the lines of a chunk: findings, whose place is that of the file also
//! where a line had to be decoded, and what became of each line.

use std::ops::Range;

use super::gate::Admission;
use super::records::Parsed;
use crate::diagnostic::{Findings, Keep, Rule};

/// What became of the lines of a chunk.
#[derive(Debug, Default)]
pub(in crate::read) struct Fates {
    records: u64,
    header: Vec<u8>,
    rejected: Vec<u8>,
    rejected_lines: u64,
    rejected_at: Vec<u64>,
    left_out_lines: u64,
    uneven: Vec<(usize, usize)>,
}

impl Fates {
    /// Counts a line, of which this is the number in the chunk from 1, and keeps what stands in the
    /// file for it where it is not stored.
    #[inline]
    pub fn add(&mut self, admission: Admission, number: u64, in_file: &[u8]) {
        if matches!(admission, Admission::AsIs | Admission::Altered) {
            return self.records += 1;
        }
        self.uneven.push((self.all_records(), 0));
        match admission {
            Admission::AsIs | Admission::Altered => {}
            Admission::Rejected => {
                self.rejected_lines += 1;
                self.rejected_at.push(number);
            }
            Admission::LeftOut => self.left_out_lines += 1,
        }
        self.rejected.extend_from_slice(in_file);
    }

    /// Says that so many records went to the sink for the line that was added last.
    pub fn went_as(&mut self, records: usize) {
        if records != 1 {
            self.uneven.push((self.all_records() - 1, records));
        }
    }

    /// Lines that were added.
    fn all_records(&self) -> usize {
        let all = self.records + self.rejected_lines + self.left_out_lines;
        // A chunk is far smaller.
        usize::try_from(all).unwrap_or(usize::MAX)
    }

    /// Keeps a line that belongs to the header of the file.
    pub fn of_header(&mut self, in_file: &[u8]) {
        self.header.extend_from_slice(in_file);
    }

    /// What came out of the chunk, which has so many lines.
    pub fn parsed<T>(self, output: T, findings: Findings, lines: u64) -> Parsed<T> {
        Parsed {
            output,
            findings,
            lines_before: 0,
            lines,
            records: self.records,
            header: self.header,
            rejected: self.rejected,
            rejected_lines: self.rejected_lines,
            rejected_at: self.rejected_at,
            uneven: self.uneven,
            left_out_lines: self.left_out_lines,
        }
    }
}

/// Where findings about the current line go.
pub struct LineReport {
    /// The findings so far.
    pub findings: Findings,
    /// The current line within the chunk, from 1.
    pub line_number: u64,
    /// The current line as it stands in the file, where it is not UTF-8 and is read in another
    /// form.
    pub original: Option<Vec<u8>>,
}

impl LineReport {
    /// Before the first line of a chunk.
    pub fn keeping(keep: Keep) -> Self {
        Self { findings: keep.into(), line_number: 0, original: None }
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
