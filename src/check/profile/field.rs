//! One INFO key or column within a chunk.

use crate::diagnostic::profile::Frequencies;
use crate::read::vcf::Elements;

/// How often a field has a value, and between what its numbers lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Records that have it.
    pub filled: u64,
    range: Range,
    /// Elements of the list under way, which may turn out not to fit.
    pending: Range,
    /// Its floats as frequencies, where they are some.
    pub frequencies: Option<Box<Frequencies>>,
}

/// The least and the greatest number; the wrong way round where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    least: f64,
    greatest: f64,
}

const NOTHING: Range = Range { least: f64::INFINITY, greatest: f64::NEG_INFINITY };

impl Range {
    /// Takes a number in; NaN changes nothing.
    fn take(&mut self, value: f64) {
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
    }

    fn join(&mut self, other: Self) {
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }
}

/// An integer as the float next to it.
#[allow(clippy::cast_precision_loss)] // a profile shows fewer digits than a float has
pub fn rounded(value: i64) -> f64 {
    value as f64
}

impl Default for Field {
    fn default() -> Self {
        Self { filled: 0, range: NOTHING, pending: NOTHING, frequencies: None }
    }
}

impl Field {
    /// Nothing yet of a field of frequencies.
    pub fn of_frequencies() -> Self {
        Self { frequencies: Some(Box::default()), ..Self::default() }
    }

    /// A record with a float.
    pub fn float(&mut self, value: f64) {
        self.number(value);
        if let Some(frequencies) = &mut self.frequencies {
            frequencies.add(value);
        }
    }

    /// A record with a number.
    pub fn number(&mut self, value: f64) {
        self.filled += 1;
        self.range.take(value);
    }

    /// A record with something else.
    pub fn value(&mut self) {
        self.filled += 1;
    }

    /// The record has another value, behind the one that was counted. The range keeps both, since
    /// both stand in the file.
    pub fn forget(&mut self) {
        self.filled = self.filled.saturating_sub(1);
    }

    /// Adds the same field of the next chunk.
    pub fn add(&mut self, next: &Self) {
        self.filled += next.filled;
        self.range.join(next.range);
        if let (Some(own), Some(next)) = (&mut self.frequencies, &next.frequencies) {
            own.merge(next);
        }
    }

    /// The least and the greatest number, where there is any.
    pub fn range(&self) -> Option<(f64, f64)> {
        (self.range.least <= self.range.greatest).then_some((self.range.least, self.range.greatest))
    }

    fn finish_list(&mut self) {
        self.filled += 1;
        self.range.join(self.pending);
        self.pending = NOTHING;
    }
}

impl Elements<i64> for Field {
    fn push(&mut self, value: Option<i64>) {
        if let Some(value) = value {
            self.pending.take(rounded(value));
        }
    }

    fn finish(&mut self) {
        self.finish_list();
    }

    fn abandon(&mut self) {
        self.pending = NOTHING;
    }
}

impl Elements<f64> for Field {
    fn push(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.pending.take(value);
            if let Some(frequencies) = &mut self.frequencies {
                frequencies.push(value);
            }
        }
    }

    fn finish(&mut self) {
        self.finish_list();
        if let Some(frequencies) = &mut self.frequencies {
            frequencies.finish_list();
        }
    }

    fn abandon(&mut self) {
        self.pending = NOTHING;
        if let Some(frequencies) = &mut self.frequencies {
            frequencies.abandon_list();
        }
    }
}

impl Elements<&[u8]> for Field {
    fn push(&mut self, _: Option<&[u8]>) {}

    fn finish(&mut self) {
        self.finish_list();
    }

    fn abandon(&mut self) {}
}
