//! Numbers of a file by how great they are. All bins are there from the beginning, so that what is
//! counted depends neither on its order nor on how the file was cut.

/// How much there is between two numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// What is in it: `120 to 130`.
    pub name: String,
    /// The least number that is in it; none where there is none.
    pub from: Option<f64>,
    /// The number behind its greatest; none where there is none.
    pub to: Option<f64>,
    /// How much it is.
    pub count: u64,
}

/// The values of QUAL: records by steps of 1 below 200, and of a tenth of their power of ten above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualities {
    /// Records without a number.
    pub missing: u64,
    /// Records below zero.
    pub negative: u64,
    counts: Vec<u64>,
}

/// Where steps end, and how wide they are below.
const QUALITY_STEPS: [(u32, u32); 5] =
    [(200, 1), (2_000, 10), (20_000, 100), (200_000, 1_000), (2_000_000, 10_000)];
/// The steps of [`QUALITY_STEPS`], and one for what is greater.
const QUALITY_BINS: usize = 200 + 4 * 180 + 1;
/// Bins that are shown.
const SHOWN_BINS: usize = 50;

impl Default for Qualities {
    fn default() -> Self {
        Self { missing: 0, negative: 0, counts: vec![0; QUALITY_BINS] }
    }
}

impl Qualities {
    /// Adds a record.
    #[inline]
    pub fn add(&mut self, quality: Option<f64>) {
        match quality {
            Some(it) if it >= 0.0 => self.counts[step(it)] += 1,
            Some(it) if it < 0.0 => self.negative += 1,
            _ => self.missing += 1,
        }
    }

    /// Adds those of the next stretch of the file.
    pub fn merge(&mut self, next: &Self) {
        self.missing += next.missing;
        self.negative += next.negative;
        self.counts.iter_mut().zip(&next.counts).for_each(|(own, next)| *own += next);
    }

    /// Records with a number that is not below zero.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Up to 50 bins of one width which 99 of 100 records fit, and one for the others above.
    pub fn bins(&self) -> Vec<Bin> {
        let total = self.total();
        let mut below = 0;
        let fits = |count: &u64| {
            below += count;
            below * 100 >= total * 99
        };
        let Some(last) = self.counts.iter().position(fits).filter(|_| total > 0) else {
            return Vec::new();
        };
        let (end, step_width) =
            bounds(last).map_or((QUALITY_STEPS[4].0, QUALITY_STEPS[4].1), |it| (it.1, it.1 - it.0));
        let width = width(end, step_width);
        let shown = end.div_ceil(width);
        let mut bins: Vec<Bin> = (0..shown).map(|it| bin(it * width, width)).collect();
        let (mut above, from) = (0, shown * width);
        for (step, count) in self.counts.iter().enumerate() {
            let place = bounds(step).map(|it| (it.0 / width) as usize);
            match place.and_then(|it| bins.get_mut(it)) {
                Some(bin) => bin.count += count,
                None => above += count,
            }
        }
        if above > 0 {
            let name = format!("{from} or more");
            bins.push(Bin { name, from: Some(from.into()), to: None, count: above });
        }
        bins
    }
}

fn bin(from: u32, width: u32) -> Bin {
    let to = from + width;
    let name = format!("{from} to {to}");
    Bin { name, from: Some(from.into()), to: Some(to.into()), count: 0 }
}

/// The step in which a number is that is not below zero.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // none is greater
fn step(value: f64) -> usize {
    let mut before = 0;
    let mut start = 0;
    for (end, width) in QUALITY_STEPS {
        if value < f64::from(end) {
            return before + ((value as u32 - start) / width) as usize;
        }
        before += ((end - start) / width) as usize;
        start = end;
    }
    before
}

/// Between what the numbers of a step are; none for the last one, which has no end.
fn bounds(step: usize) -> Option<(u32, u32)> {
    let (mut before, mut start) = (0, 0);
    for (end, width) in QUALITY_STEPS {
        let steps = (end - start) / width;
        let step = u32::try_from(step).ok()? - before;
        if step < steps {
            return Some((start + step * width, start + (step + 1) * width));
        }
        (before, start) = (before + steps, end);
    }
    None
}

/// The width of bins of which not too many reach to an end; a multiple of the least one, so that
/// no step is in two bins.
fn width(end: u32, least: u32) -> u32 {
    let widths = [1, 2, 5, 10, 20, 50].map(|it| it * least);
    let fits = |it: &u32| end.div_ceil(*it) as usize <= SHOWN_BINS;
    widths.into_iter().find(fits).unwrap_or(100 * least)
}

/// Alleles by their frequency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frequencies {
    /// Alleles whose number is below 0 or above 1, or none.
    pub outside: u64,
    counts: [u64; FREQUENCY_ENDS.len()],
    /// The bins of the list under way, which may turn out not to fit.
    pending: Vec<usize>,
}

/// Where the bins of frequencies end: rare ones are told apart finely.
const FREQUENCY_ENDS: [f64; 14] =
    [0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

impl Frequencies {
    /// Adds an allele.
    pub fn add(&mut self, frequency: f64) {
        self.count(frequency_bin(frequency));
    }

    /// Adds an allele of a list, once the list is finished.
    pub fn push(&mut self, frequency: f64) {
        self.pending.push(frequency_bin(frequency));
    }

    /// Ends a list.
    pub fn finish_list(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.drain(..).for_each(|it| self.count(it));
        self.pending = pending;
    }

    /// Takes back what was pushed since the last end.
    pub fn abandon_list(&mut self) {
        self.pending.clear();
    }

    fn count(&mut self, bin: usize) {
        match self.counts.get_mut(bin) {
            Some(count) => *count += 1,
            None => self.outside += 1,
        }
    }

    /// Adds those of the next stretch of the file.
    pub fn merge(&mut self, next: &Self) {
        self.outside += next.outside;
        self.counts.iter_mut().zip(&next.counts).for_each(|(own, next)| *own += next);
    }

    /// Alleles with a frequency.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The bins, finer among rare alleles.
    pub fn bins(&self) -> Vec<Bin> {
        let starts = [0.0].into_iter().chain(FREQUENCY_ENDS);
        let bins = starts.zip(FREQUENCY_ENDS).zip(self.counts);
        let bin = |((from, to), count)| {
            let name = if from > 0.0 { format!("{from} to {to}") } else { format!("below {to}") };
            Bin { name, from: Some(from), to: Some(to), count }
        };
        bins.map(bin).collect()
    }
}

/// The bin of a frequency; the one behind the last for what is none.
fn frequency_bin(frequency: f64) -> usize {
    if !(0.0..=1.0).contains(&frequency) {
        return FREQUENCY_ENDS.len();
    }
    let bin = FREQUENCY_ENDS.partition_point(|it| *it <= frequency);
    bin.min(FREQUENCY_ENDS.len() - 1)
}

/// Insertions and deletions by how many bases come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndelLengths {
    insertions: [u64; IndelLengths::LONGEST + 1],
    deletions: [u64; IndelLengths::LONGEST + 1],
}

impl Default for IndelLengths {
    fn default() -> Self {
        let none = [0; Self::LONGEST + 1];
        Self { insertions: none, deletions: none }
    }
}

impl IndelLengths {
    /// The greatest length that is told apart.
    pub const LONGEST: usize = 50;

    /// Adds an insertion of so many bases.
    pub fn add_insertion(&mut self, bases: usize) {
        self.insertions[place(bases)] += 1;
    }

    /// Adds a deletion of so many bases.
    pub fn add_deletion(&mut self, bases: usize) {
        self.deletions[place(bases)] += 1;
    }

    /// Adds those of the next stretch of the file.
    pub fn add(&mut self, next: &Self) {
        let own = self.insertions.iter_mut().chain(&mut self.deletions);
        own.zip(next.insertions.iter().chain(&next.deletions)).for_each(|(own, it)| *own += it);
    }

    /// By bases that come: the longest deletions first, the longest insertions last.
    pub fn bins(&self) -> impl Iterator<Item = Bin> {
        let deletions = self.deletions.iter().enumerate().rev().map(|it| (it, -1));
        deletions.chain(self.insertions.iter().enumerate().map(|it| (it, 1))).map(bin_of_length)
    }
}

/// The place of a length among those that are told apart, or behind them.
fn place(bases: usize) -> usize {
    bases.clamp(1, IndelLengths::LONGEST + 1) - 1
}

fn bin_of_length(((place, count), sign): ((usize, &u64), i32)) -> Bin {
    let length = sign * i32::try_from(place + 1).unwrap_or(i32::MAX);
    let name = match (place < IndelLengths::LONGEST, sign) {
        (true, _) => length.to_string(),
        (false, 1) => format!("{length} or more"),
        (false, _) => format!("{length} or less"),
    };
    let (from, to) = (f64::from(length), f64::from(length + 1));
    let from = Some(from).filter(|_| sign > 0 || place < IndelLengths::LONGEST);
    let to = Some(to).filter(|_| sign < 0 || place < IndelLengths::LONGEST);
    Bin { name, from, to, count: *count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_their_bounds_agree() {
        for value in [0.0, 0.9, 1.0, 199.9, 200.0, 1_999.0, 2_000.0, 19_999.0, 1_999_999.0] {
            let (from, to) = bounds(step(value)).unwrap();
            assert!((f64::from(from)..f64::from(to)).contains(&value), "{value}: {from} {to}");
        }
        let steps: Vec<_> = (0..QUALITY_BINS).map(bounds).collect();
        assert!(steps.windows(2).all(|it| it[1].is_none_or(|next| it[0].unwrap().1 == next.0)));
        assert_eq!(step(2e6), QUALITY_BINS - 1);
        assert_eq!(step(f64::INFINITY), QUALITY_BINS - 1);
        assert_eq!(bounds(QUALITY_BINS - 1), None);
    }

    #[test]
    fn qualities_are_shown_in_few_bins_whatever_their_greatest() {
        for greatest in [0.0, 7.0, 60.0, 199.0, 1_500.0, 31_000.0, 1.9e6, 1e300] {
            let mut qualities = Qualities::default();
            (0..200).for_each(|it| qualities.add(Some(greatest * f64::from(it) / 199.0)));
            qualities.add(None);
            qualities.add(Some(-3.0));
            qualities.add(Some(f64::NAN));
            let bins = qualities.bins();
            assert_eq!(bins.iter().map(|it| it.count).sum::<u64>(), 200, "{greatest}");
            assert!(bins.len() <= 201, "{greatest}: {}", bins.len());
            assert_eq!((qualities.missing, qualities.negative), (2, 1));
        }
        let mut qualities = Qualities::default();
        (0..1000).for_each(|it| qualities.add(Some(f64::from(it % 50))));
        qualities.add(Some(7e5));
        let bins = qualities.bins();
        assert_eq!((bins.len(), bins[0].count, bins[50].count), (51, 20, 1));
        assert_eq!(bins[50].name, "50 or more");
        assert_eq!(Qualities::default().bins(), []);
    }

    #[test]
    fn frequencies_that_turn_out_not_to_fit_are_not_counted() {
        let mut frequencies = Frequencies::default();
        frequencies.push(0.5);
        frequencies.abandon_list();
        frequencies.push(0.0);
        frequencies.push(1.0);
        frequencies.finish_list();
        frequencies.add(0.3);
        frequencies.add(1.5);
        frequencies.add(f64::NAN);
        let bins = frequencies.bins();
        let counts: Vec<_> = bins.iter().map(|it| it.count).collect();
        assert_eq!(counts, [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
        assert_eq!((bins[0].name.as_str(), bins[7].name.as_str()), ("below 0.0001", "0.3 to 0.4"));
        assert_eq!((frequencies.total(), frequencies.outside), (3, 2));
    }

    #[test]
    fn long_indels_are_counted_together() {
        let mut lengths = IndelLengths::default();
        lengths.add_insertion(1);
        lengths.add_insertion(51);
        lengths.add_deletion(900);
        let bins: Vec<_> = lengths.bins().collect();
        assert_eq!(bins.len(), 102);
        assert_eq!((bins[0].name.as_str(), bins[0].count), ("-51 or less", 1));
        assert_eq!((bins[101].name.as_str(), bins[101].count), ("51 or more", 1));
        assert_eq!((bins[51].name.as_str(), bins[51].count), ("1", 1));
    }
}
