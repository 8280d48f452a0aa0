//! FORMAT keys whose values have one place: a key that comes twice, or keys that are one in lower
//! case, as `information` has them.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::format_key::FormatKey;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Which keys of a FORMAT field share a place.
pub struct SharedKeys {
    /// The place of each key, counted from 0 over all places.
    places: Vec<usize>,
    /// Of each place whether the header defines one of its keys: of the others the service has no
    /// column.
    declared: Vec<bool>,
    /// For keys with a column the place of their text in `information`, where another key has it
    /// as well.
    texts: Vec<Option<usize>>,
    /// Keys of other spellings that share a place: the later and the earlier one.
    differing: Option<(usize, usize)>,
}

/// Which values of a sample hold.
pub struct Holders<'k> {
    shared: &'k SharedKeys,
    /// For each place the key whose value holds.
    holders: Vec<Option<usize>>,
}

impl SharedKeys {
    /// The keys of a FORMAT field; none where each has a place of its own.
    pub fn of(keys: &[FormatKey]) -> Option<Self> {
        let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
        let mut first = Vec::with_capacity(keys.len());
        let mut places = Vec::with_capacity(keys.len());
        let mut differing = None;
        for (index, key) in keys.iter().enumerate() {
            // No name of a column is in lower case.
            let name = if key.has_column() { &key.name } else { &key.lower };
            let place = *by_name.entry(name).or_insert(first.len());
            if place == first.len() {
                first.push(index);
            } else if keys[first[place]].name != key.name {
                differing.get_or_insert((index, first[place]));
            }
            places.push(place);
        }
        let mut declared = vec![false; first.len()];
        for (key, place) in keys.iter().zip(&places) {
            declared[*place] |= key.values.is_declared;
        }
        let text = |key: &FormatKey| by_name.get(key.lower.as_str()).copied();
        let texts: Vec<_> =
            keys.iter().map(|it| it.has_column().then(|| text(it)).flatten()).collect();
        let is_shared = first.len() < keys.len() || texts.iter().any(Option::is_some);
        is_shared.then_some(Self { places, declared, texts, differing })
    }

    /// Reports keys that differ and share a place, about the FORMAT field at `range` of the line.
    pub fn report(
        &self,
        keys: &[FormatKey],
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
    ) {
        let Some((later, earlier)) = self.differing else { return };
        let before: usize = keys[..later].iter().map(|it| it.length + 1).sum();
        let start = range.start + before;
        report.add(&rule::FORMAT_KEYS_OF_ONE_NAME, line, start..start + keys[later].length, || {
            let [earlier, later] = [earlier, later].map(|it| &keys[it]);
            let (one, other, name) = (&earlier.name, &later.name, &later.lower);
            format!("FORMAT {one} and {other} are both `{name}` in `information`")
        });
    }

    /// What holds in a sample: of each place the last value that is there, if one of its keys is
    /// defined, of a key that is.
    pub fn holders(&self, keys: &[FormatKey], sample: &[u8]) -> Holders<'_> {
        let mut holders = vec![None; self.places.len()];
        let values = sample.split(|it| *it == b':').enumerate();
        for (key, (index, value)) in keys.iter().zip(values) {
            let place = self.places[index];
            if !key.is_missing(value) && (key.values.is_declared || !self.declared[place]) {
                holders[place] = Some(index);
            }
        }
        Holders { shared: self, holders }
    }
}

impl Holders<'_> {
    /// Whether the value of a key, which is there, is the one that holds.
    pub fn holds(&self, key: usize) -> bool {
        self.holders[self.shared.places[key]] == Some(key)
    }

    /// Whether the text of a value that does not fit its column may go to `information`.
    pub fn text_holds(&self, key: usize) -> bool {
        self.shared.texts[key].is_none_or(|it| self.holders[it].is_none())
    }
}
