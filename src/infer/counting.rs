//! Whether positions count from 0 or from 1, where the rows show it.

/// What rows say about the first position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// Rows whose ends lie as far apart as the reference allele is long, as from 0.
    pub zero: usize,
    /// Rows whose ends lie a base less apart, as from 1.
    pub one: usize,
    /// Rows whose ends are the same.
    pub equal: usize,
    /// Whether a column has the bin of UCSC's tables, where positions begin at 0.
    pub has_bin: bool,
}

impl Votes {
    /// Whether positions begin at 0, if the lengths of alleles or the bins show it.
    pub fn zero_based(&self) -> Option<bool> {
        match (self.zero, self.one) {
            (0, 0) => self.has_bin.then_some(true),
            (zero, one) => (zero != one).then_some(zero > one),
        }
    }
}

/// What says how long a row is.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// The reference allele, and the column of the alternate one.
    Alleles(usize, Option<usize>),
    /// A column of lengths.
    Column(usize),
}

impl Length {
    /// The bases of a row; none where nothing says. Symbols and breakends may have any length, and
    /// `N` stands beside them.
    fn of(self, row: &[String]) -> Option<u64> {
        match self {
            Self::Column(column) => number(row, column),
            Self::Alleles(reference, alternate) => {
                let is_sequence = |it: &String| !it.contains(['<', '[', ']']);
                let is_whole = alternate.and_then(|it| row.get(it)).is_none_or(is_sequence);
                match first_allele(row.get(reference)?) {
                    "-" => Some(0),
                    bases if is_whole && is_bases(bases) && bases != "N" => {
                        Some(bases.len() as u64)
                    }
                    _ => None,
                }
            }
        }
    }
}

/// Counts what rows show whose ends are in these columns, and whose lengths are known so.
pub fn votes(rows: &[&Vec<String>], (start, end): (usize, usize), length: Option<Length>) -> Votes {
    let mut votes = Votes::default();
    let mut bins: Vec<usize> = (0..start).collect();
    for row in rows {
        let Some((first, last)) = number(row, start).zip(number(row, end)) else { continue };
        bins.retain(|it| number(row, *it).is_some_and(|bin| bin == ucsc_bin(first, last)));
        votes.equal += usize::from(first == last);
        match length.and_then(|it| it.of(row)) {
            // An insertion stands between two bases: from 1, its end lies before its start.
            Some(0) => votes.one += usize::from(last + 1 == first),
            Some(length) => {
                votes.zero += usize::from(first + length == last);
                votes.one += usize::from(first + length == last + 1);
            }
            None => {}
        }
    }
    votes.has_bin = !rows.is_empty() && !bins.is_empty();
    votes
}

/// Whether positions begin at 0, where most rows begin at the end of the one before, or behind it.
pub fn adjoining(rows: &[&Vec<String>], (start, end): (usize, usize)) -> Option<bool> {
    let (mut zero, mut one) = (0, 0);
    for pair in rows.windows(2) {
        let (Some(first), Some(last), Some(next)) =
            (number(pair[0], start), number(pair[0], end), number(pair[1], start))
        else {
            continue;
        };
        zero += usize::from(first < last && last == next);
        one += usize::from(first <= last && last + 1 == next);
    }
    let is_most = zero.max(one) > 1 && 2 * zero.max(one) >= rows.len();
    (is_most && zero.min(one) == 0).then_some(zero > one)
}

/// What stands between the alleles of a column that has both.
const BETWEEN: [char; 2] = ['/', '>'];

/// The column whose values are alleles one after the other, as `A/G`, in all of these rows.
pub fn slashed_alleles(rows: &[&Vec<String>]) -> Option<usize> {
    let is_slashed = |value: &String| {
        value.contains(BETWEEN) && value.split(BETWEEN).all(|it| it == "-" || is_bases(it))
    };
    let width = rows.first().map_or(0, |it| it.len());
    (0..width).find(|at| rows.iter().all(|row| row.get(*at).is_some_and(is_slashed)))
}

fn first_allele(text: &str) -> &str {
    text.split_once(BETWEEN).map_or(text, |it| it.0)
}

fn is_bases(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|it| b"ACGTNacgtn".contains(&it))
        && !text.eq_ignore_ascii_case("na")
        && !text.eq_ignore_ascii_case("nan")
}

/// The whole number in a column of a row; none where it is none, or too large for a position.
pub fn number(row: &[String], column: usize) -> Option<u64> {
    let text = row.get(column)?;
    let is_plain = text.len() < 16 && text.bytes().all(|it| it.is_ascii_digit());
    is_plain.then(|| text.parse().ok())?
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

    fn of(text: &str, alleles: Option<usize>) -> Votes {
        let rows: Vec<Vec<String>> =
            text.lines().map(|it| it.split(' ').map(str::to_owned).collect()).collect();
        let rows: Vec<&Vec<String>> = rows.iter().collect();
        let alleles = alleles.or_else(|| slashed_alleles(&rows));
        votes(&rows, (1, 2), alleles.map(|it| Length::Alleles(it, Some(it + 1))))
    }

    #[test]
    fn lengths_of_alleles_show_where_positions_begin() {
        assert_eq!(of("1 99 100 A G\n1 199 202 CTT C", Some(3)).zero_based(), Some(true));
        assert_eq!(of("1 100 100 A G\n1 200 202 CTT -", Some(3)).zero_based(), Some(false));
        assert_eq!(of("1 881907 881906 -/C", None).zero_based(), Some(false));
        assert_eq!(of("1 99 100 A/G", None).zero_based(), Some(true));
        assert_eq!(of("1 99 100 A>G\n1 99 101 AC>-", None).zero_based(), Some(true));
        assert_eq!(of("1 100 105 A G\n1 100 100 - G\n1 5 6 NA G", Some(3)).zero_based(), None);
    }

    #[test]
    fn symbols_say_nothing_about_lengths() {
        assert_eq!(
            of("1 100 101 N <INS>\n1 200 201 A <DEL>\n1 9 10 A ]2:5]A", Some(3)).zero_based(),
            None
        );
    }

    #[test]
    fn rows_that_adjoin_show_where_positions_begin() {
        let of = |text: &str| {
            let rows: Vec<Vec<String>> =
                text.lines().map(|it| it.split(' ').map(str::to_owned).collect()).collect();
            adjoining(&rows.iter().collect::<Vec<_>>(), (0, 1))
        };
        assert_eq!(of("0 10\n10 20\n20 30\n50 60"), Some(true));
        assert_eq!(of("1 10\n11 20\n21 30"), Some(false));
        assert_eq!(of("0 10\n10 20"), None);
        assert_eq!(of("5 5\n5 5\n5 5\n5 5"), None);
        assert_eq!(of("0 10\n10 20\n20 30\n31 40"), None);
    }

    #[test]
    fn bins_are_those_of_ucsc() {
        assert_eq!(ucsc_bin(0, 1), 585);
        assert_eq!(ucsc_bin(131_071, 131_073), 73);
        assert_eq!(ucsc_bin(67_108_863, 67_108_865), 0);
        assert_eq!(ucsc_bin(131_072, 262_144), 586);
        assert_eq!(of("585 5 5\n585 7 9", None).zero_based(), Some(true));
        assert_eq!(of("584 5 5\n585 7 9", None), Votes { equal: 1, ..Votes::default() });
    }
}
