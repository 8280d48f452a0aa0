//! Counts of names within one chunk.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::diagnostic::profile::Counts;

/// How often each name comes in a chunk, in the order in which they first do. A chunk bounds them;
/// the file's [`Counts`] bound themselves, and so do not depend on how the file was cut.
#[derive(Debug, Default)]
pub struct ByteCounts {
    entries: Vec<(Box<[u8]>, u64)>,
    places: HashMap<Box<[u8]>, usize, FxBuildHasher>,
    /// The entry that was counted last: names come in runs.
    last: usize,
}

impl ByteCounts {
    /// Counts a name.
    pub fn add(&mut self, name: &[u8]) {
        if let Some((last, count)) = self.entries.get_mut(self.last)
            && **last == *name
        {
            *count += 1;
            return;
        }
        if let Some(place) = self.places.get(name) {
            self.last = *place;
            self.entries[*place].1 += 1;
        } else {
            self.last = self.entries.len();
            self.places.insert(name.into(), self.last);
            self.entries.push((name.into(), 1));
        }
    }

    /// Counts the name that was counted last once more.
    pub fn add_last(&mut self) {
        if let Some((_, count)) = self.entries.get_mut(self.last) {
            *count += 1;
        }
    }

    /// The names with their counts.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.entries.iter().map(|(name, count)| (&**name, *count))
    }

    /// Adds them to those of the file.
    pub fn add_to(&self, counts: &mut Counts) {
        for (name, count) in self.entries() {
            counts.add(name, count);
        }
    }
}
