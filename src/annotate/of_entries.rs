//! The entries of annotations of the rows that were found, by the ALT alleles that they are of.

use super::entries::allele_of;
use super::lookup::{Block, EntryValue, FieldValues};

/// The entries of a row.
pub struct RowEntries<'a> {
    values: &'a FieldValues,
    /// Each with the ALT allele of the row that it is of; none where that cannot be told.
    list: Vec<(Option<usize>, EntryValue<'a>)>,
}

impl<'a> RowEntries<'a> {
    /// Those of a row, of which the field of this number has the values.
    pub fn new(block: &'a Block, number: usize, row: usize) -> Self {
        let values = &block.values[number];
        let mut list = Vec::new();
        if let Some((kind, alleles)) = values.kind_of_entries().zip(block.alleles.as_ref()) {
            let (reference, alternates) = (alleles.reference(row), alleles.alternates(row));
            for entry in values.entries(row) {
                let named = values.allele_named_by(entry);
                list.push((allele_of(named, kind, reference, &alternates), entry));
            }
        }
        Self { values, list }
    }

    /// Those of some ALT alleles of the row, and those whose allele cannot be told.
    pub fn of(&self, is_wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = EntryValue<'a>> {
        let wanted = self.list.iter().filter(move |it| it.0.is_none_or(&is_wanted));
        wanted.map(|it| it.1)
    }

    /// Appends the value of an entry; false, and nothing, where it has none.
    pub fn append(&self, entry: EntryValue<'_>, out: &mut Vec<u8>) -> bool {
        self.values.append_entry(entry, out)
    }

    /// The same for one of those of an allele, counted from one.
    pub fn append_nth(&self, allele: usize, nth: usize, out: &mut Vec<u8>) -> bool {
        let mut of_allele = self.of(|it| it == allele);
        of_allele.nth(nth - 1).is_some_and(|it| self.append(it, out))
    }
}
