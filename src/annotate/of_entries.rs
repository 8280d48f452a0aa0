//! The entries of annotations of the rows that were found, by the ALT alleles that they are of.

use rustc_hash::FxHashMap;

use super::entries::NamedAlleles;
use super::hit::Hit;
use super::lookup::{Block, EntryValue, FieldValues, Held};

/// Entries of a row from which on those of an allele are looked up.
const MANY: usize = 32;

/// The entries of a field in the blocks that are held.
pub struct EntriesOf<'a> {
    held: &'a Held<'a>,
    /// The number of the field.
    number: usize,
    /// Those of the row that was asked for last: one with many alleles is asked for each of them.
    last: Option<(Hit, RowEntries<'a>)>,
}

impl<'a> EntriesOf<'a> {
    /// Those of the field of this number.
    pub fn new(held: &'a Held<'a>, number: usize) -> Self {
        Self { held, number, last: None }
    }

    /// Those of a row.
    pub fn of(&mut self, hit: &Hit) -> &RowEntries<'a> {
        let last = self.last.take().filter(|it| it.0.is_of_row(hit));
        let new = || (*hit, RowEntries::new(self.held.get(hit.place), self.number, hit.row));
        &self.last.insert(last.unwrap_or_else(new)).1
    }
}

/// The entries of a row.
pub struct RowEntries<'a> {
    values: &'a FieldValues,
    /// Each with the ALT allele of the row that it is of; none where that cannot be told.
    list: Vec<(Option<usize>, EntryValue<'a>)>,
    /// The places of those of each allele in the list, where they are many.
    places: Option<FxHashMap<Option<usize>, Vec<usize>>>,
}

impl<'a> RowEntries<'a> {
    /// Those of a row, of which the field of this number has the values.
    fn new(block: &'a Block, number: usize, row: usize) -> Self {
        let values = &block.values[number];
        let mut list = Vec::new();
        if let Some((kind, alleles)) = values.kind_of_entries().zip(block.alleles.as_ref()) {
            let (reference, alternates) = (alleles.reference(row), alleles.alternates(row));
            let entries = values.entries(row);
            let alleles = NamedAlleles::new(kind, reference, &alternates, entries.len());
            list.extend(entries.into_iter().map(|entry| {
                let named = values.allele_named_by(entry);
                (alleles.find(named), entry)
            }));
        }
        let places = (list.len() > MANY).then(|| {
            let mut places: FxHashMap<_, Vec<usize>> = FxHashMap::default();
            for (place, (allele, _)) in list.iter().enumerate() {
                places.entry(*allele).or_default().push(place);
            }
            places
        });
        Self { values, list, places }
    }

    /// Those of some ALT alleles of the row, and those whose allele cannot be told.
    pub fn of_alleles(
        &self,
        is_wanted: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = EntryValue<'a>> {
        let wanted = self.list.iter().filter(move |it| it.0.is_none_or(&is_wanted));
        wanted.map(|it| it.1)
    }

    /// Those of one ALT allele, and those whose allele cannot be told.
    pub fn of_allele(&self, allele: usize) -> Box<dyn Iterator<Item = EntryValue<'a>> + '_> {
        let Some(places) = &self.places else {
            return Box::new(self.of_alleles(move |it| it == allele));
        };
        let of = |allele: Option<usize>| places.get(&allele).map_or(&[][..], Vec::as_slice);
        let (mut own, mut any) = (of(Some(allele)), of(None));
        Box::new(std::iter::from_fn(move || {
            let is_own = match (own.first(), any.first()) {
                (Some(own), Some(any)) => own < any,
                (own, _) => own.is_some(),
            };
            let next = if is_own { &mut own } else { &mut any };
            next.split_off_first().map(|it| self.list[*it].1)
        }))
    }

    /// Appends the value of an entry; false, and nothing, where it has none.
    pub fn append(&self, entry: EntryValue<'_>, out: &mut Vec<u8>) -> bool {
        self.values.append_entry(entry, out)
    }

    /// The same for one of those of an allele, counted from one.
    pub fn append_nth(&self, allele: usize, nth: usize, out: &mut Vec<u8>) -> bool {
        self.of_allele(allele).nth(nth - 1).is_some_and(|it| self.append(it, out))
    }
}
