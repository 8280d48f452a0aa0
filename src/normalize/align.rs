//! Left alignment and trimming of the alleles of one record.
//!
//! Bases that all alleles end in are taken off. Where that would leave an allele empty, all of them
//! first get one more base of the reference in front: so a variant moves to the left. At last the
//! bases that all begin with are taken off, but for one where an allele would be empty. The alleles
//! are never built on the way: an index below zero stands for the reference before the record.

use super::cursor::Cursor;
use crate::model::Result;

/// What becomes of the alleles of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Bases of the reference that come in front of all alleles.
    pub before: usize,
    /// Bases at the end of all alleles that go.
    pub after: usize,
    /// Bases at the beginning of all alleles that go; none where some come in front.
    pub front: usize,
}

impl Change {
    /// Whether the record stays as it is.
    pub fn is_none(self) -> bool {
        self.after == 0 && self.front == 0
    }

    /// The zero-based start that a record at `start` gets.
    pub fn start(self, start: u64) -> u64 {
        start - self.before as u64 + self.front as u64
    }

    /// Appends what becomes of an allele, with the bases in front of it in upper case. `before` are
    /// the bases of the reference that come in front.
    pub fn apply(self, allele: &[u8], before: &[u8], out: &mut Vec<u8>) {
        let length = before.len() + allele.len() - self.after;
        let upper = |it: &u8| it.to_ascii_uppercase();
        out.extend(before.iter().chain(allele).take(length).skip(self.front).map(upper));
    }
}

/// What normalization makes of the alleles of a record that starts at a zero-based position of the
/// cursor's contig.
///
/// The first allele is REF. They consist of `A`, `C`, `G`, `T` and `N` in either case, none is
/// empty, and not all are the same.
pub fn align(alleles: &[&[u8]], start: u64, cursor: &mut Cursor) -> Result<Change> {
    let shortest = alleles.iter().map(|it| it.len()).min().unwrap_or_default();
    let room = usize::try_from(start).unwrap_or(usize::MAX);
    let mut after = 0;
    // With `after + 1` bases fewer, the shortest allele needs this many in front to keep one.
    while before(after + 1, shortest) <= room && ends_alike(alleles, after, start, cursor)? {
        after += 1;
    }
    let before = before(after, shortest);
    let front = if before > 0 { 0 } else { common_front(alleles, shortest - after) };
    Ok(Change { before, after, front })
}

fn before(after: usize, shortest: usize) -> usize {
    (after + 1).saturating_sub(shortest)
}

/// Whether all alleles, each without its last `after` bases, end in the same base.
fn ends_alike(alleles: &[&[u8]], after: usize, start: u64, cursor: &mut Cursor) -> Result<bool> {
    let mut last = None;
    for allele in alleles {
        let base = if let Some(at) = allele.len().checked_sub(after + 1) {
            allele[at].to_ascii_uppercase()
        } else {
            let beyond = (after + 1 - allele.len()) as u64;
            // There is room in front, so this is no underflow.
            cursor.base(start.saturating_sub(beyond))?
        };
        if *last.get_or_insert(base) != base {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Bases that all alleles begin with, leaving at least one of the `shortest` ones.
fn common_front(alleles: &[&[u8]], shortest: usize) -> usize {
    let alike = |at: usize| {
        let first = alleles[0][at].to_ascii_uppercase();
        alleles.iter().all(|it| it[at].to_ascii_uppercase() == first)
    };
    (0..shortest.saturating_sub(1)).take_while(|it| alike(*it)).count()
}
