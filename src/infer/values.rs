//! Names for the columns of a file without a header, by what the rows hold: a guess, since nothing
//! else says what they are.

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

struct Table<'a> {
    rows: Vec<&'a Vec<String>>,
    width: usize,
}

impl Table<'_> {
    fn names(&self) -> Option<Vec<(usize, &'static str)>> {
        let contig = (0..self.width).find(|it| self.is_place(*it))?;
        let mut names = vec![(contig, "chrom")];
        let start = contig + 1;
        let has_end = self.is_span(start);
        let alleles = self.alleles(if has_end { start + 2 } else { start + 1 });
        if !has_end {
            names.push((start, "pos"));
        } else if self.is_zero_based(contig, alleles) {
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

    fn number(row: &[String], column: usize) -> Option<u64> {
        let text = row.get(column)?;
        text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok())?
    }

    fn numbers(&self, column: usize) -> Option<Vec<u64>> {
        self.rows.iter().map(|it| Self::number(it, column)).collect()
    }

    /// Whether a column holds contigs, and the next one positions.
    fn is_place(&self, column: usize) -> bool {
        if self.rows.is_empty() || !self.values(column).all(is_contig) {
            return false;
        }
        let Some(positions) = self.numbers(column + 1) else { return false };
        let is_sure = self.values(column).all(is_prefixed);
        let is_large = positions.iter().any(|it| *it >= LARGE);
        is_sure || is_large && self.is_sorted(column, &positions)
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
            let ends = Self::number(it, start).zip(Self::number(it, start + 1));
            ends.is_some_and(|(start, end)| start <= end)
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

    /// Whether positions begin at 0: by UCSC's bin in front of the contig, by the lengths of
    /// alleles, or because no stretch is empty.
    fn is_zero_based(&self, contig: usize, alleles: Option<usize>) -> bool {
        let start = contig + 1;
        let ends = |row: &[String]| Self::number(row, start).zip(Self::number(row, start + 1));
        let has_bin = contig > 0
            && self.rows.iter().all(|it| {
                ends(it).is_some_and(|(start, end)| {
                    Self::number(it, contig - 1) == Some(ucsc_bin(start, end))
                })
            });
        let is_as_long = |row: &[String], allele: usize| {
            let length = row[allele].len() as u64;
            row[allele] == "-" || ends(row).is_some_and(|(start, end)| end == start + length)
        };
        has_bin
            || match alleles {
                Some(allele) => self.rows.iter().all(|it| is_as_long(it, allele)),
                None => self.rows.iter().all(|it| ends(it).is_some_and(|(start, end)| start < end)),
            }
    }
}

fn is_prefixed(text: &str) -> bool {
    let prefix = text.get(..3);
    prefix.is_some_and(|it| it.eq_ignore_ascii_case("chr") || it == "NC_") && text.len() > 3
}

fn is_contig(text: &str) -> bool {
    let is_number = || text.parse::<u8>().is_ok_and(|it| (1..=22).contains(&it));
    is_prefixed(text) && !text.contains(' ')
        || matches!(text, "X" | "Y" | "M" | "MT")
        || is_number() && !text.starts_with(['0', '+'])
}

fn is_allele(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| b"ACGTNacgtn,-.*".contains(&it))
}

/// The bin that UCSC's tables have for a stretch: the smallest of 128 kb, 1 Mb, 8 Mb, 64 Mb and 512
/// Mb that holds it.
fn ucsc_bin(start: u64, end: u64) -> u64 {
    const OFFSETS: [u64; 5] = [585, 73, 9, 1, 0];
    let (mut first, mut last) = (start >> 17, end.saturating_sub(1).max(start) >> 17);
    for offset in OFFSETS {
        if first == last {
            return offset + first;
        }
        first >>= 3;
        last >>= 3;
    }
    0
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
        for text in ["1 5\n2 3", "1 2000\n1 1000", "1 1000\n2 5\n1 2000", "a 1000", "chr1 x", "1"] {
            assert_eq!(of(text), [], "{text}");
        }
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
    }

    #[test]
    fn bins_are_those_of_ucsc() {
        assert_eq!(ucsc_bin(0, 1), 585);
        assert_eq!(ucsc_bin(131_071, 131_073), 73);
        assert_eq!(ucsc_bin(67_108_863, 67_108_865), 0);
        assert_eq!(ucsc_bin(131_072, 262_144), 586);
    }
}
