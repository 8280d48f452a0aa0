//! The alleles of a record that has very many, to be looked up by what they change.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::lookup::{Change, same};

/// The changes of a record, by where they start.
#[derive(Default)]
pub struct ManyChanges<'a>(BTreeMap<i64, AtStart<'a>>);

/// Those that start at one place, by their outlines.
#[derive(Default)]
pub struct AtStart<'a>(FxHashMap<Vec<u8>, Vec<(usize, Change<'a>)>>);

impl<'a> ManyChanges<'a> {
    /// Adds an allele.
    pub fn add(&mut self, allele: usize, start: i64, change: Change<'a>) {
        let at_start = self.0.entry(start).or_default();
        at_start.0.entry(change.outline()).or_default().push((allele, change));
    }

    /// All, by where they start.
    pub fn by_start(&self) -> impl Iterator<Item = (i64, &AtStart<'a>)> {
        self.0.iter().map(|(start, it)| (*start, it))
    }
}

impl<'a> AtStart<'a> {
    /// The alleles that are the same change as another one.
    pub fn same_as(&self, other: Change<'_>) -> impl Iterator<Item = (usize, Change<'a>)> {
        let alike = self.0.get(&other.outline()).into_iter().flatten();
        alike.copied().filter(move |it| same(it.1, other))
    }
}
