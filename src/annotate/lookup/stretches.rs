//! Where the rows of a contig lie: stretches of rows in order, with the lowest and the highest
//! position of each.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::model::contigs::plain_name;

/// Rows of one contig in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowStretch {
    /// The number of the block.
    pub block: u32,
    /// The rows, counted from the first one of the block.
    pub rows: Range<usize>,
    /// No row begins before this position.
    pub low: i64,
    /// No row lies behind this position.
    pub high: i64,
}

/// The pieces of a contig, in order of their lowest positions.
#[derive(Debug, Default)]
pub struct ContigRows {
    list: Vec<RowStretch>,
    /// The highest position of each piece and those before it.
    reach: Vec<i64>,
}

impl ContigRows {
    fn new(mut list: Vec<RowStretch>) -> Self {
        list.sort_by_key(|it| it.low);
        let reach = list.iter().scan(i64::MIN, |reach, it| {
            *reach = it.high.max(*reach);
            Some(*reach)
        });
        let reach = reach.collect();
        Self { list, reach }
    }

    /// The pieces that may have rows at these positions, both included.
    pub fn meeting(&self, from: i64, to: i64) -> impl Iterator<Item = &RowStretch> {
        let end = self.list.partition_point(|it| it.low <= to);
        let begin = self.reach[..end].partition_point(|it| *it < from);
        self.list[begin..end].iter().filter(move |it| it.high >= from)
    }
}

/// The contigs of a version.
#[derive(Debug, Default)]
pub struct Contigs {
    names: Vec<String>,
    rows: Vec<ContigRows>,
    exact: FxHashMap<Vec<u8>, usize>,
    /// By plain names; none where several contigs have one.
    plain: HashMap<String, Option<usize>>,
}

impl Contigs {
    /// The contigs that these pieces are of.
    pub fn new(pieces: Vec<(String, Vec<RowStretch>)>) -> Self {
        let mut contigs = Self::default();
        for (number, (name, pieces)) in pieces.into_iter().enumerate() {
            contigs.exact.insert(name.as_bytes().to_vec(), number);
            let plain = contigs.plain.entry(plain_name(&name).into_owned());
            plain.and_modify(|it| *it = None).or_insert(Some(number));
            contigs.names.push(name);
            contigs.rows.push(ContigRows::new(pieces));
        }
        contigs
    }

    /// The number of a contig by its name, or by one of its names in another style.
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        if let Some(number) = self.exact.get(name) {
            return Some(*number);
        }
        let name = String::from_utf8_lossy(name);
        let plain: Cow<'_, str> = plain_name(&name);
        self.plain.get(&*plain).copied().flatten()
    }

    /// How the version spells a contig.
    pub fn name(&self, number: usize) -> &str {
        &self.names[number]
    }

    /// All names, in order of first appearance.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where the rows of a contig lie.
    pub fn rows_of(&self, number: usize) -> &ContigRows {
        &self.rows[number]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_piece_that_meets_is_left_out_and_no_other_comes() {
        let bounds = [(0, 90), (5, 6), (7, 7), (20, 40), (21, 22), (50, 60)];
        let piece = |(block, (low, high)): (usize, &(i64, i64))| RowStretch {
            block: u32::try_from(block).unwrap(),
            rows: 0..1,
            low: *low,
            high: *high,
        };
        let pieces = ContigRows::new(bounds.iter().enumerate().map(piece).collect());
        for from in -2..95 {
            for to in from..95 {
                let found: Vec<_> = pieces.meeting(from, to).map(|it| (it.low, it.high)).collect();
                let meets = bounds.iter().filter(|it| it.0 <= to && it.1 >= from);
                assert_eq!(found, meets.copied().collect::<Vec<_>>(), "{from} {to}");
            }
        }
    }

    #[test]
    fn contigs_are_found_in_other_styles_unless_two_are_alike() {
        let names = ["chr1", "X", "chrM", "2", "chr2"];
        let contigs = Contigs::new(names.map(|it| (it.to_owned(), Vec::new())).to_vec());
        let found = |name: &str| contigs.find(name.as_bytes()).map(|it| contigs.name(it));
        assert_eq!(found("1"), Some("chr1"));
        assert_eq!(found("NC_000001.11"), Some("chr1"));
        assert_eq!(found("chrX"), Some("X"));
        assert_eq!(found("MT"), Some("chrM"));
        assert_eq!((found("2"), found("chr2")), (Some("2"), Some("chr2")));
        assert_eq!((found("NC_000002.12"), found("3")), (None, None));
    }
}
