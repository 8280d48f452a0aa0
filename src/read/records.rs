//! The parsed chunks of a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ordered::ordered;
use super::pipe::{Meter, Pipe};
use crate::diagnostic::{Findings, Keep};
use crate::model::Result;

/// What came out of a chunk of records.
#[derive(Debug)]
pub struct Parsed<T> {
    /// What the sink made of the records.
    pub output: T,
    /// What is wrong, with lines counted from the first line of the chunk as 1.
    pub findings: Findings,
    /// Lines of the file before the chunk.
    pub lines_before: u64,
    /// Lines of the chunk.
    pub lines: u64,
    /// Records that went to the sink.
    pub records: u64,
    /// Lines that belong to the header of the file, byte for byte, each with its line break:
    /// directives of GFF3, which stand anywhere.
    pub header: Vec<u8>,
    /// Lines that were rejected, byte for byte, each with its line break.
    pub rejected: Vec<u8>,
    /// How many lines were rejected.
    pub rejected_lines: u64,
    /// Their numbers within the chunk, from 1.
    pub rejected_at: Vec<u64>,
    /// The records of the chunk, counted from 0 with those that were rejected or left out, that did
    /// not go to the sink as one record each; with the number of records that they went there as.
    pub uneven: Vec<(usize, usize)>,
    /// How many of the lines in `rejected` were left out as somebody asked for, beside those that
    /// were rejected.
    pub left_out_lines: u64,
}

/// Where the records of a chunk stand among those of the file.
#[derive(Clone, Debug)]
pub struct RecordPlaces {
    /// Records of the file before the chunk, with those that were rejected or left out.
    pub before: u64,
    /// Records of the chunk, with those that were rejected or left out.
    pub records: usize,
    /// [`Parsed::uneven`]
    pub uneven: Vec<(usize, usize)>,
}

impl RecordPlaces {
    /// How many records went to the sink.
    pub fn stored(&self) -> usize {
        let uneven: usize = self.uneven.iter().map(|(_, stored)| stored).sum();
        (self.records + uneven).saturating_sub(self.uneven.len())
    }
}

impl<T> Parsed<T> {
    /// Records, with those that were rejected or left out.
    pub(super) fn all_records(&self) -> u64 {
        self.records + self.rejected_lines + self.left_out_lines
    }

    /// The chunk with something else made of its output.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed {
            output: make(self.output),
            findings: self.findings,
            lines_before: self.lines_before,
            lines: self.lines,
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

/// The parsed chunks of a file, in file order.
pub struct Records<T> {
    parsed: Box<dyn Iterator<Item = Result<Parsed<T>>>>,
    limit: Limit,
    meter: Arc<Meter>,
}

/// Which findings a chunk keeps whole.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    keep: Keep,
    /// Set once none will be kept any more but the first of each rule.
    is_full: Arc<AtomicBool>,
}

impl Limit {
    /// Not more than these.
    pub fn new(keep: Keep) -> Self {
        Self { keep, is_full: Arc::default() }
    }

    /// Those that the next chunk has to keep.
    pub fn get(&self) -> Keep {
        let is_full = self.is_full.load(Ordering::Relaxed);
        if is_full { self.keep.of_rules_alone() } else { self.keep }
    }
}

impl<T: Send + 'static> Records<T> {
    /// Parses the pieces of a file, before which it has `lines` lines, on the threads of the pipe.
    pub(super) fn new<I: Send + 'static>(
        pipe: Pipe,
        limit: Limit,
        mut lines: u64,
        pieces: impl Iterator<Item = Result<I>> + 'static,
        parse: impl Fn(I) -> Result<Parsed<T>> + Send + Sync + 'static,
    ) -> Self {
        let parsed = ordered(&pipe.pool, pipe.window(), pieces, parse).map(move |parsed| {
            let parsed = Parsed { lines_before: lines, ..parsed? };
            lines += parsed.lines;
            Ok(parsed)
        });
        Self { parsed: Box::new(parsed), limit, meter: pipe.meter }
    }
}

impl<T: 'static> Records<T> {
    /// Looks at the chunks one by one, in file order, whoever takes them.
    pub fn in_order<U>(self, mut look: impl FnMut(Parsed<T>) -> Parsed<U> + 'static) -> Records<U> {
        let parsed = Box::new(self.parsed.map(move |parsed| parsed.map(&mut look)));
        Records { parsed, limit: self.limit, meter: self.meter }
    }

    /// Makes something else of what the sinks made.
    pub fn map_output<U>(self, mut make: impl FnMut(T) -> U + 'static) -> Records<U> {
        self.in_order(move |parsed| parsed.map(&mut make))
    }
}

impl<T> Records<T> {
    /// Tells the workers that no more findings will be kept but the first of each rule.
    pub fn keep_rules_alone(&self) {
        self.limit.is_full.store(true, Ordering::Relaxed);
    }
}

impl<T> Iterator for Records<T> {
    type Item = Result<Parsed<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(stopped) = self.meter.check() {
            return Some(Err(stopped));
        }
        let parsed = self.parsed.next()?;
        if let Ok(parsed) = &parsed {
            self.meter.records.fetch_add(parsed.records, Ordering::Relaxed);
        }
        Some(parsed)
    }
}
