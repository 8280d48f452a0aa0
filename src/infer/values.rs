//! Names for the columns of a file without a header, by what the rows hold: a guess, since nothing
//! else says what they are.

use super::contigs::{is_contig, is_prefixed};
use super::counting::{Length, adjoining, number, slashed_alleles, votes};

/// Rows that are looked at.
pub const ROWS: usize = 1000;
/// Where chromosomes are plain numbers, so are counts: some position has to be as large as this.
const LARGE: u64 = 1000;

/// The columns that give a place, with the names that their roles have elsewhere; none where the
/// rows show no place. `chromStart` and `chromEnd` say that positions begin at 0.
pub fn names(rows: &[Vec<String>]) -> Vec<(usize, &'static str)> {
    let width = rows.first().map_or(0, Vec::len);
    let table = Table { rows: rows.iter().filter(|it| it.len() == width).collect(), width };
    table.names().unwrap_or_default()
}

/// A column that may have contigs and one that may have positions, where the values are not enough
/// to say so.
pub fn near_miss(rows: &[Vec<String>]) -> Option<(usize, usize)> {
    let width = rows.first().map_or(0, Vec::len);
    let table = Table { rows: rows.iter().filter(|it| it.len() == width).collect(), width };
    (0..width).filter(|it| table.may_be_contigs(*it)).find_map(|contig| {
        let is_plain = table.values(contig).all(|it| it.parse::<u8>().is_ok());
        let is_position = |it: &usize| {
            let numbers = table.numbers(*it);
            numbers
                .is_some_and(|it| !is_plain && !it.contains(&0) || it.iter().any(|it| *it >= LARGE))
        };
        (contig + 1..width).find(is_position).map(|position| (contig, position))
    })
}

struct Table<'a> {
    rows: Vec<&'a Vec<String>>,
    width: usize,
}

impl Table<'_> {
    fn names(&self) -> Option<Vec<(usize, &'static str)>> {
        let places = || {
            let near = (0..self.width).flat_map(|it| [(it, it + 1), (it, it + 2)]);
            near.filter(|it| self.is_place(it.0, it.1))
        };
        // Names of contigs are surer than numbers that may be some.
        let (contig, start) = places().find(|it| self.are_prefixed(it.0)).or(places().next())?;
        let mut names = vec![(contig, "chrom")];
        let has_end = self.is_span(start);
        let alleles = self.alleles(if has_end { start + 2 } else { start + 1 });
        if !has_end {
            names.push((start, "pos"));
        } else if self.is_zero_based((start, start + 1), alleles) {
            names.extend([(start, "chromStart"), (start + 1, "chromEnd")]);
        } else {
            names.extend([(start, "start"), (start + 1, "end")]);
        }
        names.extend(alleles.into_iter().flat_map(|it| [(it, "ref"), (it + 1, "alt")]));
        Some(names)
    }

    fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |it| it.get(column)).map(String::as_str)
    }

    /// Whether a column may hold contigs, also in the numbers that PLINK gives to X, Y and MT.
    fn may_be_contigs(&self, column: usize) -> bool {
        let is_plink = |it: &str| it.parse::<u8>().is_ok_and(|it| (23..=26).contains(&it));
        !self.rows.is_empty() && self.values(column).all(|it| is_contig(it) || is_plink(it))
    }

    fn numbers(&self, column: usize) -> Option<Vec<u64>> {
        self.rows.iter().map(|it| number(it, column)).collect()
    }

    /// Whether a column holds contigs, and the next one positions, or the one behind strands.
    fn is_place(&self, column: usize, position: usize) -> bool {
        let is_strand = |it: &str| matches!(it, "+" | "-" | ".");
        let is_between = |it: usize| self.values(it).all(is_strand) || self.are_sizes(column, it);
        if self.rows.is_empty()
            || !self.values(column).all(is_contig)
            || !(column + 1..position).all(is_between)
            || self.are_sizes(column, position)
            || self.is_index(column)
        {
            return false;
        }
        let Some(positions) = self.numbers(position) else { return false };
        let is_sure = self.are_prefixed(column);
        let is_large = positions.iter().any(|it| *it >= LARGE);
        let has_alleles = || self.is_span(position) && self.alleles(position + 2).is_some();
        // Where each row has a number of its own, it may count the rows or be an identifier.
        let is_counted = || {
            let mut contigs: Vec<&str> = self.values(column).collect();
            contigs.sort_unstable();
            contigs.len() > 1
                && contigs.windows(2).all(|it| it[0] != it[1])
                && contigs.iter().all(|it| it.parse::<u8>().is_ok())
        };
        let is_sorted = || self.is_sorted(column, &positions) && !is_counted();
        is_sure || is_large && (is_sorted() || has_alleles())
    }

    fn are_prefixed(&self, column: usize) -> bool {
        self.values(column).all(is_prefixed)
    }

    /// Whether a column has the sizes of contigs, each of which has one, with a stretch within it
    /// in the columns behind.
    fn are_sizes(&self, contig: usize, column: usize) -> bool {
        let Some(sizes) = self.numbers(column) else { return false };
        let mut by_contig: Vec<(&str, u64)> = self.values(contig).zip(sizes).collect();
        by_contig.sort_unstable();
        by_contig.dedup();
        let is_within = |row: &&Vec<String>| {
            let ends = number(row, column + 1).zip(number(row, column + 2));
            ends.zip(number(row, column)).is_some_and(|((a, b), size)| a < b && b <= size)
        };
        let is_large = |row: &&Vec<String>| number(row, column + 2).is_some_and(|it| it >= LARGE);
        by_contig.windows(2).all(|it| it[0].0 != it[1].0)
            && self.rows.iter().all(is_within)
            && self.rows.iter().any(is_large)
    }

    /// Whether each contig stands here once, with numbers alone and no stretch behind it, as in an
    /// index of them.
    fn is_index(&self, contig: usize) -> bool {
        let mut contigs: Vec<&str> = self.values(contig).collect();
        contigs.sort_unstable();
        contigs.windows(2).all(|it| it[0] != it[1])
            && !self.is_span(contig + 1)
            && (0..self.width).all(|it| it == contig || self.numbers(it).is_some())
    }

    /// Whether contigs stay together, and positions rise within them.
    fn is_sorted(&self, column: usize, positions: &[u64]) -> bool {
        let contigs: Vec<&str> = self.values(column).collect();
        let mut runs = contigs.clone();
        runs.dedup();
        let count = runs.len();
        runs.sort_unstable();
        runs.dedup();
        let rows = contigs.windows(2).zip(positions.windows(2));
        count == runs.len() && rows.into_iter().all(|(a, b)| a[0] != a[1] || b[0] <= b[1])
    }

    /// Whether this column and the next are the ends of a stretch.
    fn is_span(&self, start: usize) -> bool {
        self.rows.iter().all(|it| {
            let ends = number(it, start).zip(number(it, start + 1));
            // The end of an insertion lies before its start, where positions begin at 1.
            ends.is_some_and(|(start, end)| start <= end + 1)
        })
    }

    /// The first of two neighbouring columns of alleles, at this place or behind a column of names,
    /// as in VCF.
    fn alleles(&self, at: usize) -> Option<usize> {
        let is_allele = |column: usize| {
            column < self.width
                && self.values(column).all(is_allele)
                && self.values(column).any(|it| it.bytes().any(|base| b"ACGTacgt".contains(&base)))
        };
        let first = (at..=at + 1).find(|it| is_allele(*it))?;
        // Three in a row may be anything: CADD has an ancestral allele between the two.
        (is_allele(first + 1) && !is_allele(first + 2)).then_some(first)
    }

    /// Whether positions begin at 0: by UCSC's bins, by the lengths of alleles, by how rows adjoin,
    /// or because no stretch is empty.
    fn is_zero_based(&self, ends: (usize, usize), alleles: Option<usize>) -> bool {
        let pair = alleles.map(|it| Length::Alleles(it, Some(it + 1)));
        let one = || slashed_alleles(&self.rows).map(|it| Length::Alleles(it, None));
        let alleles = pair.or_else(one);
        let votes = votes(&self.rows, ends, alleles);
        let shown = votes.zero_based().or_else(|| adjoining(&self.rows, ends));
        shown.unwrap_or(votes.equal == 0 && alleles.is_none())
    }
}

fn is_allele(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| b"ACGTNacgtn,-.*".contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(usize, &'static str)> {
        let rows: Vec<Vec<String>> =
            text.lines().map(|it| it.split(' ').map(str::to_owned).collect()).collect();
        names(&rows)
    }

    #[test]
    fn a_contig_and_a_number_are_a_place() {
        assert_eq!(of("chr1 5 x\nchr2 3 y"), [(0, "chrom"), (1, "pos")]);
        assert_eq!(
            of("x 1 1000 A G\ny 1 2000 C T"),
            [(1, "chrom"), (2, "pos"), (3, "ref"), (4, "alt")]
        );
        assert_eq!(of("1 1000 rs1 A G\n1 2000 rs2 C TT")[2..], [(3, "ref"), (4, "alt")]);
    }

    #[test]
    fn counts_are_no_places() {
        for text in [
            "1 5\n2 3",
            "1 1\n2 131567\n6 335928",
            "1 2000\n1 1000",
            "1 1000\n2 5\n1 2000",
            "a 1000",
            "chr1 x",
            "1",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn what_may_be_a_place_is_named() {
        let near = |text: &str| {
            let split = |it: &str| it.split(' ').map(str::to_owned).collect();
            near_miss(&text.lines().map(split).collect::<Vec<Vec<String>>>())
        };
        assert_eq!(near("1 rs1 0 752566 G A\n23 rs2 0.5 752721 A G"), Some((0, 3)));
        assert_eq!(near("S1 1 100 2000\nS1 X 100 2000"), Some((1, 2)));
        assert_eq!(near("1 100 200\nX 5 10"), Some((0, 1)));
        assert_eq!(near("1 5\n2 3"), None);
        assert_eq!(near("a 5000"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn stretches_with_alleles_are_places_in_any_order() {
        let found = of("1 5000 5000 T C x\n2 9 9 G T y\n1 7 8 TC - z");
        assert_eq!(found[3..], [(3, "ref"), (4, "alt")]);
        assert_eq!(of("1 5000 5000 x\n2 9 9 y\n1 7 8 z"), []);
    }

    #[test]
    fn three_columns_of_alleles_are_too_many() {
        assert_eq!(of("chr1 5 A N G"), [(0, "chrom"), (1, "pos")]);
    }

    #[test]
    fn stretches_begin_at_0_unless_something_speaks_against_it() {
        let names = |text| of(text).into_iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(names("chr1 5 9\nchr1 7 8"), ["chrom", "chromStart", "chromEnd"]);
        assert_eq!(names("chr1 5 9\nchr1 7 7"), ["chrom", "start", "end"]);
        assert_eq!(names("chr1 5 5 A G"), ["chrom", "start", "end", "ref", "alt"]);
        assert_eq!(names("chr1 5 6 A G"), ["chrom", "chromStart", "chromEnd", "ref", "alt"]);
        assert_eq!(names("585 chr1 5 5\n585 chr1 7 9"), ["chrom", "chromStart", "chromEnd"]);
        assert_eq!(names("1 5 5 -/C\n1 2000 2000 A/G"), ["chrom", "start", "end"]);
        assert_eq!(names("1 5 5 A/G\n1 2000 2001 A/G"), ["chrom", "start", "end"]);
    }

    #[test]
    fn sizes_of_contigs_are_no_positions() {
        let chain = "585 8000 chr1 248956422 10000 20000 chr2\n585 8000 chr1 248956422 7 8 chr3";
        assert_eq!(of(chain), [(2, "chrom"), (4, "chromStart"), (5, "chromEnd")]);
        let paf = "read1 5000 10 4990 + chr1 248956422 1000 6000 5";
        assert_eq!(of(paf), [(5, "chrom"), (7, "chromStart"), (8, "chromEnd")]);
        for sizes in
            ["chr1 248956422\nchr2 242193529", "chr1 248956422 6 60 61\nchrM 16569 9 60 61"]
        {
            assert_eq!(of(sizes), [], "{sizes}");
        }
        assert_eq!(of("chr1 500 7\nchr1 500 8"), [(0, "chrom"), (1, "pos")]);
    }

    #[test]
    fn a_strand_may_stand_in_front_of_the_positions() {
        let genes = of("585 NR_1 chr1 - 14361 29370 11\n73 NM_1 chrX + 65418 71585 3");
        assert_eq!(genes, [(2, "chrom"), (4, "chromStart"), (5, "chromEnd")]);
    }
}
