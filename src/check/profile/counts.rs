//! Counts of names within one chunk.

use std::collections::HashMap;
use std::hash::Hasher as _;
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHasher};

use crate::diagnostic::profile::Counts;

/// How often each name comes in a chunk, in the order in which they first do. A chunk bounds them;
/// the file's [`Counts`] bound themselves, and so do not depend on how the file was cut.
#[derive(Debug, Default)]
pub struct ByteCounts {
    entries: Vec<Entry>,
    /// All names, one behind the other: there may be millions.
    names: Vec<u8>,
    /// By the hash of a name the entry that came last with it.
    places: HashMap<u64, u32, FxBuildHasher>,
    /// The entry that was counted last, and its name: names come in runs.
    last: usize,
    last_name: Range<usize>,
}

#[derive(Debug)]
struct Entry {
    /// Where the name ends, which begins where the one before it ends.
    end: usize,
    count: u64,
    /// Another entry whose name has the same hash.
    other: Option<u32>,
}

impl ByteCounts {
    /// Counts a name.
    pub fn add(&mut self, name: &[u8]) {
        if let Some(last) = self.entries.get_mut(self.last)
            && self.names[self.last_name.clone()] == *name
        {
            last.count += 1;
            return;
        }
        let mut hasher = FxHasher::default();
        hasher.write(name);
        let hash = hasher.finish();
        let first = self.places.get(&hash).copied();
        let mut place = first;
        while let Some(at) = place.map(|it| it as usize) {
            let place_of_name = self.place_of_name(at);
            if self.names[place_of_name.clone()] == *name {
                (self.last, self.last_name) = (at, place_of_name);
                self.entries[at].count += 1;
                return;
            }
            place = self.entries[at].other;
        }
        self.last = self.entries.len();
        self.last_name = self.names.len()..self.names.len() + name.len();
        self.names.extend_from_slice(name);
        self.entries.push(Entry { end: self.names.len(), count: 1, other: first });
        // A chunk has far fewer names.
        self.places.insert(hash, u32::try_from(self.last).unwrap_or(u32::MAX));
    }

    fn place_of_name(&self, entry: usize) -> Range<usize> {
        let start = entry.checked_sub(1).map_or(0, |before| self.entries[before].end);
        start..self.entries[entry].end
    }

    /// Counts the name that was counted last once more.
    pub fn add_last(&mut self) {
        if let Some(entry) = self.entries.get_mut(self.last) {
            entry.count += 1;
        }
    }

    /// The names with their counts.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let entries = self.entries.iter().enumerate();
        entries.map(|(at, it)| (&self.names[self.place_of_name(at)], it.count))
    }

    /// Adds them to those of the file.
    pub fn add_to(&self, counts: &mut Counts) {
        for (name, count) in self.entries() {
            counts.add(name, count);
        }
    }
}
