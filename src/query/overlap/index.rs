//! Intervals in groups, in an order in which those that overlap a window are found without looking
//! at most of the others.
//!
//! Within its group an interval stands where its low bound puts it, so that a search gives the end
//! of those that begin before the window ends. Of every 16 intervals, of every 16 of those and so
//! on, the highest bound is known: where it is not above the window's begin, all of them are
//! skipped. Nothing here asks that a low bound lies below its high one: an interval without length
//! or turned around is found by the same two comparisons that SQL makes.

use std::ops::Range;

/// How many intervals, or blocks of them, have one highest bound.
const FAN: usize = 16;

/// Where a row stands: the number of its batch, and its number within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the batch.
    pub batch: u32,
    /// The number of the row in the batch.
    pub row: u32,
}

/// One interval, before it has its place in the order.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it has to have in common with a window.
    pub group: u32,
    /// The bound that a window has to reach beyond.
    pub low: i64,
    /// The bound that a window has to begin before.
    pub high: i64,
    /// The row that it comes from.
    pub place: Place,
}

/// Whether bounds that are equal meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touching {
    /// Whether the low bound may be what the window ends with.
    pub low: bool,
    /// Whether the high bound may be what the window begins with.
    pub high: bool,
}

/// What intervals are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The group that they have to be of.
    pub group: u32,
    /// What their low bound has to be below.
    pub before: i64,
    /// What their high bound has to be above.
    pub after: i64,
}

/// Intervals in their order.
#[derive(Debug)]
pub struct Index {
    touching: Touching,
    /// Where each group begins, and where the last one ends.
    starts: Vec<usize>,
    lows: Vec<i64>,
    highs: Vec<i64>,
    places: Vec<Place>,
    /// The highest bounds of blocks, of blocks of blocks, and so on.
    levels: Vec<Vec<i64>>,
}

/// What the last search found. Windows that come in the order of their begins, as rows of sorted
/// files do, are found from it in a few steps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    group: Option<u32>,
    after: i64,
    /// No interval of the group before this one reaches beyond `after`.
    first: usize,
    end: usize,
}

impl Index {
    /// Bytes that an interval takes while the order is made.
    pub const BYTES_EACH: usize = size_of::<Entry>() + 2 * 8 + size_of::<Place>() + 2;

    /// The order of the intervals, which are in groups from zero on.
    pub fn new(mut entries: Vec<Entry>, groups: usize, touching: Touching) -> Self {
        entries.sort_unstable_by_key(|it| (it.group, it.low));
        let mut starts = Vec::with_capacity(groups + 1);
        for (at, entry) in entries.iter().enumerate() {
            while starts.len() <= entry.group as usize {
                starts.push(at);
            }
        }
        starts.resize(groups + 1, entries.len());
        let highs: Vec<i64> = entries.iter().map(|it| it.high).collect();
        let mut levels: Vec<Vec<i64>> = Vec::new();
        let highest = |of: &[i64]| -> Vec<i64> {
            of.chunks(FAN).map(|it| it.iter().copied().max().unwrap_or(i64::MIN)).collect()
        };
        loop {
            let below = levels.last().unwrap_or(&highs);
            if below.len() <= 1 {
                break;
            }
            levels.push(highest(below));
        }
        Self {
            touching,
            starts,
            lows: entries.iter().map(|it| it.low).collect(),
            highs,
            places: entries.iter().map(|it| it.place).collect(),
            levels,
        }
    }

    /// The row of an interval.
    pub fn place(&self, at: usize) -> Place {
        self.places[at]
    }

    /// How many intervals there are.
    pub fn len(&self) -> usize {
        self.highs.len()
    }

    /// All intervals in order: the number of the group, a row, the low and the high bound.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Place, i64, i64)> {
        self.starts.windows(2).enumerate().flat_map(move |(group, range)| {
            let of_group = range[0]..range[1];
            of_group.map(move |at| (group, self.places[at], self.lows[at], self.highs[at]))
        })
    }

    /// Where the intervals stand that begin before the window ends; those that end before it begins
    /// are among them, and [`Index::next`] leaves them out.
    pub fn candidates(&self, window: Window, cursor: &mut Cursor) -> Range<usize> {
        let group = window.group as usize;
        let (begin, end) = (self.starts[group], self.starts[group + 1]);
        let same = cursor.group == Some(window.group);
        let first = if same && cursor.after <= window.after { cursor.first } else { begin };
        let near = if same { cursor.end } else { begin };
        let to = self.end_of(window.before, begin..end, near);
        let first = self.next(first..to, window.after).unwrap_or(to);
        *cursor = Cursor { group: Some(window.group), after: window.after, first, end: to };
        first..to
    }

    /// The first of some intervals whose high bound is above a value.
    pub fn next(&self, among: Range<usize>, after: i64) -> Option<usize> {
        let mut at = among.start;
        while at < among.end {
            let skipped = if at.is_multiple_of(FAN) { self.skipped(at, after) } else { 0 };
            if skipped > 0 {
                at += skipped;
            } else if self.is_above(self.highs[at], after) {
                return Some(at);
            } else {
                at += 1;
            }
        }
        None
    }

    /// How many intervals from here on are in blocks of which none reaches beyond a value.
    fn skipped(&self, at: usize, after: i64) -> usize {
        let (mut block, mut width, mut skipped) = (at / FAN, FAN, 0);
        for level in &self.levels {
            if self.is_above(level[block], after) {
                break;
            }
            skipped = width;
            if !block.is_multiple_of(FAN) {
                break;
            }
            block /= FAN;
            width *= FAN;
        }
        skipped
    }

    /// Where the low bounds below a value end, searched for with growing steps from a place near.
    fn end_of(&self, before: i64, within: Range<usize>, near: usize) -> usize {
        let below = |low: i64| if self.touching.low { low <= before } else { low < before };
        let (mut from, mut to) = (near.clamp(within.start, within.end), within.end);
        let mut step = 1;
        if from < to && below(self.lows[from]) {
            from += 1;
            while from + step <= to && below(self.lows[from + step - 1]) {
                from += step;
                step *= 2;
            }
            to = to.min(from + step);
        } else {
            to = from;
            from = within.start;
            while to > within.start {
                let probed = to.saturating_sub(step).max(within.start);
                if below(self.lows[probed]) {
                    from = probed + 1;
                    break;
                }
                to = probed;
                step *= 2;
            }
        }
        from + self.lows[from..to].partition_point(|it| below(*it))
    }

    fn is_above(&self, high: i64, after: i64) -> bool {
        if self.touching.high { high >= after } else { high > after }
    }
}
