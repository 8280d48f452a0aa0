//! Rows that repeat one further up, in any order of the file and in bounded memory.
//!
//! Most files are sorted by place, and there a row can only repeat one at its own place: nothing
//! else has to be looked at. The hashes of all rows are kept, but put into a set only once a row
//! goes back; that set costs more than all the reading.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

/// Rows that are compared with all others. Their hashes take some 75 MB.
const MAX_COMPARED: usize = 7_000_000;
/// Rows up to which the memory for the set of hashes grows by itself.
const SMALL: usize = 100_000;
/// Rows at one place up to which they are compared one by one.
const MAX_AT_PLACE: usize = 64;
/// Contigs up to which a file is taken for one that is sorted by them.
const MAX_CONTIGS: usize = 100_000;

/// What a row repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// The row before.
    Previous,
    /// A row further up.
    Earlier,
}

/// Compares each row with those before it, by their hashes.
#[derive(Debug, Default)]
pub struct DuplicateRows {
    sorted: Sorted,
    /// The hashes of all rows, as long as they are sorted.
    hashes: Vec<Vec<u64>>,
    kept: usize,
    /// Rows so far: what is dropped must not depend on where a chunk ends.
    rows: usize,
    set: HashSet<u64, FxBuildHasher>,
    previous: Option<u64>,
    stopped_at: Option<u64>,
}

/// The place of the last row, while no row has gone back.
#[derive(Debug, Default)]
struct Sorted {
    ended: bool,
    contig: Vec<u8>,
    start: i64,
    before: HashSet<Vec<u8>>,
    /// The hashes of the rows at this place.
    here: Vec<u64>,
}

impl Sorted {
    /// Goes on to the place of the next row; false once rows are not sorted, or cannot be told to
    /// be.
    fn moves_to(&mut self, place: Option<(&[u8], i64)>) -> bool {
        let Some((contig, start)) = place.filter(|_| !self.ended) else {
            self.ended = true;
            return false;
        };
        if contig != self.contig.as_slice() {
            self.contig.clear();
            self.contig.extend_from_slice(contig);
            self.ended = !self.before.insert(contig.to_vec()) || self.before.len() > MAX_CONTIGS;
            self.here.clear();
        } else if start != self.start {
            self.ended = start < self.start;
            self.here.clear();
        } else {
            self.ended = self.here.len() >= MAX_AT_PLACE;
        }
        self.start = start;
        !self.ended
    }
}

impl DuplicateRows {
    /// The line from which on rows are compared with their neighbours only.
    pub fn stopped_at(&self) -> Option<u64> {
        self.stopped_at
    }

    /// Compares the next row, at a contig and a start, which stands in a line of the file.
    pub fn row(
        &mut self,
        place: Option<(&[u8], i64)>,
        hash: u64,
        line: u64,
        before_in_chunk: &[u64],
    ) -> Option<Repeats> {
        self.rows += 1;
        let is_next = self.previous.replace(hash) == Some(hash);
        let is_known = if self.sorted.moves_to(place) {
            let known = self.sorted.here.contains(&hash);
            if !known {
                self.sorted.here.push(hash);
            }
            known
        } else {
            self.take_in(line, before_in_chunk);
            self.is_known(hash, line)
        };
        match (is_next, is_known) {
            (true, _) => Some(Repeats::Previous),
            (false, true) => Some(Repeats::Earlier),
            (false, false) => None,
        }
    }

    /// Keeps the hashes of a chunk whose rows have been compared.
    pub fn keep(&mut self, hashes: Vec<u64>) {
        if self.sorted.ended || self.kept > MAX_COMPARED {
            return;
        }
        self.kept += hashes.len();
        if self.kept > MAX_COMPARED {
            // As long as rows are sorted, those before are not needed.
            self.hashes = Vec::new();
        } else {
            self.hashes.push(hashes);
        }
    }

    /// Makes the set, where a row goes back for the first time.
    fn take_in(&mut self, line: u64, before_in_chunk: &[u64]) {
        if !self.set.is_empty() || self.stopped_at.is_some() {
            return;
        }
        if self.rows > MAX_COMPARED {
            self.stopped_at = Some(line);
            self.hashes = Vec::new();
        } else {
            let earlier = std::mem::take(&mut self.hashes);
            self.set.reserve(self.kept + before_in_chunk.len());
            self.set.extend(earlier.into_iter().flatten().chain(before_in_chunk.iter().copied()));
        }
    }

    fn is_known(&mut self, hash: u64, line: u64) -> bool {
        if self.stopped_at.is_some() {
            return false;
        }
        if self.set.len() >= MAX_COMPARED {
            self.stopped_at = Some(line);
            self.set = HashSet::default();
            return false;
        }
        if self.set.len() == self.set.capacity() && self.set.len() > SMALL {
            // To double step by step would move and clear all of it again each time.
            self.set.reserve(MAX_COMPARED - self.set.len());
        }
        !self.set.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What each row repeats, with the rows in chunks of a size.
    fn found(rows: &[(&str, Option<i64>, u64)], chunk: usize) -> Vec<Option<Repeats>> {
        let mut duplicates = DuplicateRows::default();
        let mut found = Vec::new();
        for rows in rows.chunks(chunk) {
            let hashes: Vec<u64> = rows.iter().map(|it| it.2).collect();
            for (index, (contig, start, hash)) in rows.iter().enumerate() {
                let place = start.map(|it| (contig.as_bytes(), it));
                found.push(duplicates.row(place, *hash, 1, &hashes[..index]));
            }
            duplicates.keep(hashes);
        }
        found
    }

    proptest! {
        #[test]
        fn every_repeated_row_is_found_in_any_order_and_any_chunks(
            rows in prop::collection::vec(
                (prop::sample::select(vec!["1", "2", "X"]), 0..4_i64, 0..3_u64, 0..9_u8),
                0..60,
            ),
            sorted in any::<bool>(),
            chunk in 1..9_usize,
        ) {
            let mut rows = rows;
            if sorted {
                rows.sort_unstable();
            }
            // A row is its place and something more; some have no place.
            let rows: Vec<_> = rows
                .iter()
                .map(|(contig, start, more, absent)| {
                    let place = (*absent > 0 || sorted).then_some(*start);
                    let contig_number = u64::from(contig.as_bytes()[0]);
                    let place_number = place.map_or(7, i64::unsigned_abs);
                    let hash = contig_number * 1000 + place_number * 10 + more;
                    (*contig, place, hash)
                })
                .collect();
            let expected: Vec<Option<Repeats>> = (0..rows.len())
                .map(|at| {
                    let earlier = rows[..at].iter().any(|it| it.2 == rows[at].2);
                    let next = at > 0 && rows[at - 1].2 == rows[at].2;
                    earlier.then_some(if next { Repeats::Previous } else { Repeats::Earlier })
                })
                .collect();
            prop_assert_eq!(found(&rows, chunk), expected);
        }
    }

    #[test]
    fn many_rows_at_one_place_are_still_compared() {
        let rows: Vec<_> = (0..300).map(|it| ("1", Some(5), it % 200)).collect();
        let repeated = found(&rows, 7).into_iter().flatten().count();
        assert_eq!(repeated, 100);
    }
}
