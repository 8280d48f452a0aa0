//! How much there is from place to place, in little memory.

/// Counts by place, from 0 on, in bins of one width. The width is a power of two, and the least
/// with which the bins suffice, so that it tells nothing of the order in which places came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// The power of two that the width is.
    power: u32,
    counts: Vec<u64>,
}

impl Strip {
    /// Bins at most.
    pub const BINS: usize = 128;

    /// Adds what there is at a place.
    pub fn add(&mut self, place: u64, count: u64) {
        let mut bin = place >> self.power;
        while bin >= Self::BINS as u64 {
            self.widen();
            bin = place >> self.power;
        }
        let bin = usize::try_from(bin).unwrap_or(0);
        if bin >= self.counts.len() {
            self.counts.resize(bin + 1, 0);
        }
        self.counts[bin] += count;
    }

    /// Adds those of another one.
    pub fn merge(&mut self, other: &Self) {
        while self.power < other.power {
            self.widen();
        }
        for (from, _, count) in other.bins().filter(|it| it.2 > 0) {
            self.add(from, count);
        }
    }

    fn widen(&mut self) {
        self.power += 1;
        self.counts = self.counts.chunks(2).map(|it| it.iter().sum()).collect();
    }

    /// Each bin: its first place, the one behind its last, and its count.
    pub fn bins(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let width = 1_u64 << self.power;
        let starts = (0..).map(move |it: u64| it * width);
        let bins = starts.zip(&self.counts);
        bins.map(move |(from, count)| (from, from.saturating_add(width), *count))
    }

    /// The count of all bins.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_places_does_not_show() {
        let places = [3, 900, 127, 128, 5, 3, 70_000, 41];
        let strip = |places: &[u64]| {
            let mut strip = Strip::default();
            for it in places {
                strip.add(*it, 2);
            }
            strip
        };
        let (mut backwards, whole) = (places, strip(&places));
        backwards.reverse();
        assert_eq!(strip(&backwards), whole);
        assert_eq!(whole.total(), 16);
        assert!(whole.bins().count() <= Strip::BINS);
        assert_eq!(whole.bins().next(), Some((0, 1024, 14)));
        // Put together from parts, it is the same.
        for cut in 0..places.len() {
            let mut merged = strip(&places[..cut]);
            merged.merge(&strip(&places[cut..]));
            assert_eq!(merged, whole, "{cut}");
        }
    }

    #[test]
    fn the_last_place_there_is_has_a_bin() {
        let mut strip = Strip::default();
        strip.add(u64::MAX, 1);
        assert_eq!(strip.total(), 1);
    }
}
