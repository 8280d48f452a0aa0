//! Numbers as some of their means: exact as long as there are few of them, close afterwards (the
//! t-digest of Dunning and Ertl, as Trino reads quantiles from it).

/// How many means there may be before they are made fewer.
const MOST: usize = 8192;
/// How fine the means are that are left; the ends are finer than the middle.
const FINENESS: f64 = 1000.0;

/// Means in ascending order, each with how many numbers it is of.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    means: Vec<(f64, f64)>,
    is_sorted: bool,
}

impl Digest {
    /// Adds a number that counts as much as is said.
    pub fn add(&mut self, value: f64, weight: f64) {
        self.means.push((value, weight));
        self.is_sorted = false;
        if self.means.len() > 2 * MOST {
            self.compress();
        }
    }

    /// The means, with how many numbers each is of.
    pub fn means(&mut self) -> &[(f64, f64)] {
        if !self.is_sorted {
            self.means.sort_by(|(left, _), (right, _)| left.total_cmp(right));
            self.is_sorted = true;
        }
        &self.means
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        self.means.capacity() * size_of::<(f64, f64)>()
    }

    fn compress(&mut self) {
        let total: f64 = self.means().iter().map(|(_, weight)| weight).sum();
        let mut kept: Vec<(f64, f64)> = Vec::with_capacity(MOST);
        let mut before = 0.0;
        for &(mean, weight) in &self.means {
            if let Some((last, of_last)) = kept.last_mut() {
                let together = *of_last + weight;
                let middle = (before - *of_last + together / 2.0) / total;
                if together <= 4.0 * total * middle * (1.0 - middle) / FINENESS {
                    *last += (mean - *last) * weight / together;
                    *of_last = together;
                    before += weight;
                    continue;
                }
            }
            kept.push((mean, weight));
            before += weight;
        }
        self.means = kept;
    }

    /// The number below which there is such a share of all; none where there are none.
    pub fn quantile(&mut self, share: f64) -> Option<f64> {
        let means = self.means();
        let (first, last) = (*means.first()?, *means.last()?);
        let total: f64 = means.iter().map(|(_, weight)| weight).sum();
        let index = share * total;
        if index < 1.0 || means.len() == 1 {
            return Some(first.0);
        }
        if index > total - 1.0 {
            return Some(last.0);
        }
        let mut before = first.1 / 2.0;
        if index < before {
            return Some(first.0);
        }
        for pair in means.windows(2) {
            let ((left, of_left), (right, of_right)) = (pair[0], pair[1]);
            let step = f64::midpoint(of_left, of_right);
            if before + step > index {
                // A number that stands for itself alone is exact.
                let is_one = |weight: f64| weight.total_cmp(&1.0).is_eq();
                let unit = |weight: f64| if is_one(weight) { 0.5 } else { 0.0 };
                let (behind, ahead) = (index - before, before + step - index);
                if is_one(of_left) && behind < 0.5 {
                    return Some(left);
                }
                if is_one(of_right) && ahead <= 0.5 {
                    return Some(right);
                }
                let (behind, ahead) = (behind - unit(of_left), ahead - unit(of_right));
                return Some((left * ahead + right * behind) / (behind + ahead));
            }
            before += step;
        }
        Some(last.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_are_exact_and_many_are_close() {
        let mut few = Digest::default();
        for value in [4.0, 2.0, 1.0, 3.0] {
            few.add(value, 1.0);
        }
        let quantiles = [0.0, 0.2, 0.25, 0.5, 0.75, 0.9, 1.0].map(|it| few.quantile(it).unwrap());
        assert_eq!(quantiles.map(|it| it.to_string()), ["1", "1", "2", "3", "4", "4", "4"]);
        let mut many = Digest::default();
        for at in 0..1_000_000_u32 {
            many.add(f64::from(at.wrapping_mul(7_368_787) % 1_000_000), 1.0);
        }
        assert!(many.means().len() <= 2 * MOST);
        for share in [0.001, 0.1, 0.5, 0.99] {
            let off = many.quantile(share).unwrap() - share * 1e6;
            assert!(off.abs() < 1000.0, "{share}: {off}");
        }
        assert_eq!(Digest::default().quantile(0.5), None);
    }
}
