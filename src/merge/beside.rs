//! The rows of two versions side by side, cut where both have the same place.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::order::ContigOrder;
use super::places::{RowPlace, places};
use crate::model::Result;

/// Rows, and bytes, of one version that a piece has at most, as far as it can be cut: rows of one
/// place stay together.
const MOST_ROWS: usize = 1 << 13;
const MOST_BYTES: usize = 16 << 20;

/// Rows of one version with their places.
#[derive(Debug, Default)]
pub struct PlacedRows {
    /// The rows, in order.
    pub batches: Vec<RecordBatch>,
    /// The place of each.
    pub places: Vec<RowPlace>,
}

/// Pieces of two versions. A piece has all rows of both from one place to another, so that rows of
/// one place are in one piece, whichever version they are of.
pub struct SideBySide<I> {
    sides: [ReadAhead<I>; 2],
    ended: bool,
}

/// How far a version was read: all rows before a place are known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Place(RowPlace),
    End,
}

/// What was read of a version and did not go out yet.
struct ReadAhead<I> {
    rows: I,
    order: Arc<ContigOrder>,
    batches: VecDeque<(RecordBatch, Vec<RowPlace>)>,
    count: usize,
    bytes: usize,
    ended: bool,
}

impl<I: Iterator<Item = Result<RecordBatch>>> SideBySide<I> {
    /// Two versions, both of whose rows come in this order, as those of [`super::SortedRows`] do.
    pub fn new(sides: [I; 2], order: &Arc<ContigOrder>) -> Self {
        let sides = sides.map(|rows| ReadAhead {
            rows,
            order: Arc::clone(order),
            batches: VecDeque::new(),
            count: 0,
            bytes: 0,
            ended: false,
        });
        Self { sides, ended: false }
    }

    /// Reads the version that is behind until there is a place that both have passed.
    fn piece(&mut self) -> Result<Option<[PlacedRows; 2]>> {
        loop {
            let [one, other] = &self.sides;
            let behind = usize::from(other.reached() < one.reached());
            let cut = self.sides[behind].reached();
            let may_go = cut == Reached::End || self.sides.iter().any(ReadAhead::is_full);
            if may_go && self.sides.iter().any(|it| it.has_before(cut)) {
                return Ok(Some(self.sides.each_mut().map(|it| it.take_before(cut))));
            }
            if cut == Reached::End {
                return Ok(None);
            }
            self.sides[behind].read()?;
        }
    }
}

impl<I: Iterator<Item = Result<RecordBatch>>> ReadAhead<I> {
    fn read(&mut self) -> Result<()> {
        match self.rows.next().transpose()? {
            Some(rows) => {
                let places = places(&rows, &self.order);
                self.count += places.len();
                self.bytes += rows.get_array_memory_size();
                self.batches.push_back((rows, places));
            }
            None => self.ended = true,
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.count >= MOST_ROWS || self.bytes >= MOST_BYTES
    }

    fn reached(&self) -> Reached {
        if self.ended {
            return Reached::End;
        }
        let last = self.batches.back().and_then(|it| it.1.last());
        Reached::Place(last.copied().unwrap_or((0, i64::MIN)))
    }

    fn has_before(&self, cut: Reached) -> bool {
        let first = self.batches.front().and_then(|it| it.1.first());
        first.is_some_and(|it| Reached::Place(*it) < cut)
    }

    /// Takes the rows before a cut.
    fn take_before(&mut self, cut: Reached) -> PlacedRows {
        let mut taken = PlacedRows::default();
        while let Some((rows, mut before)) = self.batches.pop_front() {
            let count = before.partition_point(|it| Reached::Place(*it) < cut);
            let rest = before.split_off(count);
            if count > 0 {
                taken.batches.push(rows.slice(0, count));
                taken.places.append(&mut before);
            }
            if !rest.is_empty() {
                self.batches.push_front((rows.slice(count, rest.len()), rest));
                break;
            }
        }
        self.count -= taken.places.len();
        self.bytes = self.batches.iter().map(|it| it.0.get_array_memory_size()).sum();
        taken
    }
}

impl<I: Iterator<Item = Result<RecordBatch>>> Iterator for SideBySide<I> {
    type Item = Result<[PlacedRows; 2]>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let piece = self.piece();
        self.ended = !matches!(piece, Ok(Some(_)));
        piece.transpose()
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, StringArray};

    use super::*;

    /// Rows of contig 1 with these starts, in batches of a thousand.
    fn side(starts: &[i64]) -> impl Iterator<Item = Result<RecordBatch>> {
        let batch = |it: &[i64]| {
            let contigs: ArrayRef = Arc::new(StringArray::from(vec!["1"; it.len()]));
            let starts: ArrayRef = Arc::new(Int64Array::from(it.to_vec()));
            Ok(RecordBatch::try_from_iter([("$contig", contigs), ("$start", starts)]).unwrap())
        };
        starts.chunks(1000).map(batch).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn pieces_end_at_the_same_place_and_have_few_rows() {
        let order = Arc::new(ContigOrder::new(["1".to_owned()], []));
        let dense: Vec<i64> = (0..100_000).map(|it| it / 3).collect();
        let sparse: Vec<i64> = (0..500).map(|it| it * 61).chain(40_000..41_000).collect();
        let one_place = [vec![5; 30_000], vec![6]].concat();
        for both in [[&dense, &sparse], [&sparse, &dense], [&dense, &one_place], [&dense, &vec![]]]
        {
            let mut read = [Vec::new(), Vec::new()];
            let mut reached = (0, i64::MIN);
            for piece in SideBySide::new(both.map(|it| side(it)), &order) {
                let piece = piece.unwrap();
                let places = || piece.iter().flat_map(|it| it.places.iter().copied());
                assert!(places().min() > Some(reached), "a place is in two pieces");
                reached = places().max().unwrap();
                for (rows, read) in piece.iter().zip(&mut read) {
                    let count: usize = rows.batches.iter().map(RecordBatch::num_rows).sum();
                    assert_eq!(count, rows.places.len());
                    // Rows of one place stay together, however many they are.
                    let of_one_place = rows.places.iter().filter(|it| it.1 == 5).count();
                    assert!(count - of_one_place <= MOST_ROWS + 1000);
                    read.extend(rows.places.iter().map(|it| it.1));
                }
            }
            assert_eq!(read.each_ref(), both);
        }
    }
}
