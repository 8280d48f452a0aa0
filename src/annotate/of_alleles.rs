//! The values of the rows that were found for the ALT alleles of a record, put in their order.

use rustc_hash::FxHashSet;

use super::added::{Added, Joined, MOST_VALUES as MOST_JOINED};
use super::counts::SourceCounts;
use super::entries::Wanted;
use super::hit::Hit;
use super::lookup::{Held, RowValues};
use super::of_entries::EntriesOf;
use super::of_rows::ValuesOf;
use super::overlap::join;
use super::request::OnMany;
use super::source::{Source, SourceField};
use crate::model::Result;
use crate::read::vcf::Number;

/// Values that a record gets of one field at most: genotypes of some hundred alleles are more.
pub const MOST_VALUES: usize = 1 << 16;
/// Bytes of the values of one field from which on a record gets none.
const MOST_BYTES: usize = 16 << 20;

/// Where the values of an allele, counted from the first ALT, stand in lists of Number A, R and G:
/// its own; that of REF before it; those of both genotypes with REF, and of the one without.
const OF_ALLELE: [fn(usize) -> usize; 1] = [|it| it];
const OF_BOTH: [fn(usize) -> usize; 2] = [|_| 0, |it| it + 1];
const OF_GENOTYPES: [fn(usize) -> usize; 3] =
    [|_| 0, |it| genotype_of(0, it + 1), |it| genotype_of(it + 1, it + 1)];

/// Where the value of a genotype stands, of alleles counted from REF, the lower one first.
const fn genotype_of(low: usize, high: usize) -> usize {
    high * (high + 1) / 2 + low
}

/// The rows that were found for a record.
#[derive(Default)]
pub struct Hits {
    alleles: usize,
    all: Vec<Hit>,
    joined: Joined,
    scratch: Vec<u8>,
}

impl Hits {
    /// Takes those of the record before off.
    pub fn begin(&mut self, alleles: usize) {
        self.alleles = alleles;
        self.all.clear();
    }

    /// Adds one.
    pub fn add(&mut self, hit: Hit) {
        self.all.push(hit);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Puts them in order, and leaves out those that are too many. Whether several rows were of one
    /// allele that are not of one record.
    pub fn settle(
        &mut self,
        on_many: OnMany,
        are_of_one_record: impl Fn(&Hit, &Hit) -> bool,
    ) -> bool {
        if self.all.len() < 2 {
            return false;
        }
        self.all.sort_unstable();
        self.all.dedup_by_key(|it| (it.allele, it.block, it.row));
        let mut several = false;
        self.all.dedup_by(|next, kept| {
            let is_same = next.allele == kept.allele && are_of_one_record(next, kept);
            several |= next.allele == kept.allele && !is_same;
            is_same || next.allele == kept.allele && on_many == OnMany::First
        });
        several
    }

    fn first_of(&self, allele: usize) -> Option<&Hit> {
        let at = self.all.partition_point(|it| it.allele < allele);
        self.all.get(at).filter(|it| it.allele == allele)
    }

    /// Adds the values of all fields.
    pub fn write(
        &mut self,
        source: &Source,
        held: &Held<'_>,
        counts: &mut SourceCounts,
        added: &mut Added,
    ) -> Result<()> {
        for (number, field) in source.fields.iter().enumerate() {
            let key = field.field.key.as_bytes();
            if self.values_of(field.field.number, source.on_many) > MOST_VALUES {
                let is_known =
                    |it: &Hit| held.get(it.place).values[number].find(it.row) != RowValues::Nothing;
                counts.large += u64::from(self.all.iter().any(is_known));
                continue;
            }
            added.add(source.first_field + number, key, |out| {
                let begin = out.len();
                let wrote = self.field(held, (number, field), source.on_many, out);
                counts.cut += u64::from(std::mem::take(&mut self.joined.is_cut));
                let is_large = out.len() - begin > MOST_BYTES;
                counts.large += u64::from(is_large);
                Ok::<_, crate::model::Error>(wrote && !is_large)
            })?;
        }
        Ok(())
    }

    /// How many values a field of this number has, where that is told by the alleles.
    fn values_of(&self, number: Number, on_many: OnMany) -> usize {
        match number {
            _ if on_many == OnMany::All => 0,
            Number::A | Number::Count(1) => self.alleles,
            Number::R => self.alleles + 1,
            Number::G => (self.alleles + 1).saturating_mul(self.alleles + 2) / 2,
            _ => 0,
        }
    }

    /// Appends the values of a field; false where none is known.
    fn field(
        &mut self,
        held: &Held<'_>,
        (number, field): (usize, &SourceField),
        on_many: OnMany,
        out: &mut Vec<u8>,
    ) -> bool {
        if let Some(wanted) = field.field.entries() {
            return self.entries(EntriesOf::new(held, number), (wanted, field.once), on_many, out);
        }
        let mut values = ValuesOf::new(held, number);
        match (field.field.number, on_many) {
            (Number::Count(0), _) => self.all.iter().any(|it| values.is_set(it)),
            (Number::Count(1), _) if field.once => {
                self.all.iter().any(|it| values.append_one(it, out))
            }
            (Number::Count(1), OnMany::All) => {
                self.each_row(out, |it, out| values.append_one(it, out))
            }
            (Number::A, OnMany::All) => self.each_split(&OF_ALLELE, &mut values, out),
            (Number::R, OnMany::All) => self.each_split(&OF_BOTH, &mut values, out),
            (Number::G, OnMany::All) => self.each_split(&OF_GENOTYPES, &mut values, out),
            (Number::Count(1), _) => self.each_allele(out, |it, out| values.append_one(it, out)),
            (Number::A, _) => self.by_allele(&mut values, 0, out),
            (Number::R, _) => self.by_allele(&mut values, 1, out),
            (Number::G, _) => self.by_genotype(&mut values, out),
            _ => self.all_values(&values, out),
        }
    }

    /// The values of the entries of annotations that are of the alleles of the record; of one each
    /// for the whole record where they are to come `once`.
    fn entries(
        &mut self,
        mut entries: EntriesOf<'_>,
        (wanted, once): (Wanted, bool),
        on_many: OnMany,
        out: &mut Vec<u8>,
    ) -> bool {
        let Wanted::Nth(nth) = wanted else { return self.all_entries(&mut entries, out) };
        let mut append =
            |it: &Hit, out: &mut Vec<u8>| entries.of(it).append_nth(it.of_row, nth, out);
        match on_many {
            _ if once => self.all.iter().any(|it| append(it, out)),
            OnMany::All => self.each_row(out, append),
            OnMany::First | OnMany::Error => self.each_allele(out, append),
        }
    }

    /// All entries of one row; those of several rows each once.
    fn all_entries(&mut self, of: &mut EntriesOf<'_>, out: &mut Vec<u8>) -> bool {
        let Some(first) = self.all.first().copied() else { return false };
        if !self.all.iter().all(|it| it.is_of_row(&first)) {
            self.joined.clear();
            for hit in &self.all {
                let entries = of.of(hit);
                for entry in entries.of_allele(hit.of_row) {
                    self.scratch.clear();
                    entries.append(entry, &mut self.scratch);
                    self.joined.add(&self.scratch);
                }
            }
            out.extend_from_slice(self.joined.text());
            return !self.joined.text().is_empty();
        }
        let mut alleles: Vec<usize> = self.all.iter().map(|it| it.of_row).collect();
        alleles.sort_unstable();
        let (mut any, begin) = (false, out.len());
        let entries = of.of(&first);
        for entry in entries.of_alleles(|it| alleles.binary_search(&it).is_ok()) {
            if out.len() > begin {
                out.push(b',');
            }
            any |= or_missing(out, |out| entries.append(entry, out));
        }
        any
    }

    /// The value of each allele, of those that a row has for its own; that of REF in front where it
    /// has one.
    fn by_allele(&self, values: &mut ValuesOf<'_>, before: usize, out: &mut Vec<u8>) -> bool {
        let mut any = false;
        if before > 0 {
            any = or_missing(out, |out| self.all.iter().any(|it| values.append_nth(it, 0, out)));
            out.push(b',');
        }
        let each = self.each_allele(out, |it, out| values.append_nth(it, it.of_row + before, out));
        any || each
    }

    /// Appends what `append` has for each allele, full stops for the others; false where no allele
    /// has something.
    fn each_allele(
        &self,
        out: &mut Vec<u8>,
        mut append: impl FnMut(&Hit, &mut Vec<u8>) -> bool,
    ) -> bool {
        each(self.alleles, out, |allele, out| {
            self.first_of(allele).is_some_and(|it| append(it, out))
        })
    }

    /// The same for each row that is of an allele, in their order: values at one place in several
    /// fields are of one row.
    fn each_row(
        &mut self,
        out: &mut Vec<u8>,
        mut append: impl FnMut(&Hit, &mut Vec<u8>) -> bool,
    ) -> bool {
        self.joined.is_cut = self.all.len() > MOST_JOINED;
        each(self.all.len().min(MOST_JOINED), out, |place, out| append(&self.all[place], out))
    }

    /// The values that each row would have if it were split, in the order of alleles and rows: of
    /// its own, those at the places that these give of its allele.
    fn each_split(
        &mut self,
        places: &[fn(usize) -> usize],
        values: &mut ValuesOf<'_>,
        out: &mut Vec<u8>,
    ) -> bool {
        self.joined.is_cut = self.all.len() > MOST_JOINED;
        let rows = self.all.len().min(MOST_JOINED);
        each(rows * places.len(), out, |at, out| {
            let (row, place) = (at / places.len(), at % places.len());
            let hit = &self.all[row];
            values.append_nth(hit, places[place](hit.of_row), out)
        })
    }

    /// The value of each genotype whose alleles one row has.
    fn by_genotype(&self, values: &mut ValuesOf<'_>, out: &mut Vec<u8>) -> bool {
        let mut any = false;
        for second in 0..=self.alleles {
            for first in 0..=second {
                if second > 0 {
                    out.push(b',');
                }
                any |= or_missing(out, |out| {
                    let found = self.genotype(first, second);
                    found.is_some_and(|(hit, nth)| values.append_nth(hit, nth, out))
                });
            }
        }
        any
    }

    /// The row that has both alleles of a genotype, counted from REF, and the place of its value.
    fn genotype(&self, first: usize, second: usize) -> Option<(&Hit, usize)> {
        let of = |allele: usize| match allele.checked_sub(1) {
            None => Some(None),
            Some(allele) => self.first_of(allele).map(Some),
        };
        let (first, second) = (of(first)?, of(second)?);
        let row = second.or(first).or_else(|| self.all.first())?;
        let in_row = |it: Option<&Hit>| match it {
            None => Some(0),
            Some(it) => it.is_of_row(row).then_some(it.of_row + 1),
        };
        let (one, other) = (in_row(first)?, in_row(second)?);
        let (low, high) = (one.min(other), one.max(other));
        Some((row, genotype_of(low, high)))
    }

    /// All values of all rows, each row once; each value once where there are several rows.
    fn all_values(&mut self, values: &ValuesOf<'_>, out: &mut Vec<u8>) -> bool {
        let Some(first) = self.all.first().copied() else { return false };
        if self.all.iter().all(|it| it.is_of_row(&first)) {
            return values.append_all(&first, out);
        }
        self.joined.clear();
        let mut seen = FxHashSet::default();
        for hit in self.all.iter().filter(|it| seen.insert((it.block, it.row))) {
            join(values.of(hit), hit.row, &mut self.scratch, &mut self.joined);
        }
        out.extend_from_slice(self.joined.text());
        !self.joined.text().is_empty()
    }
}

/// Appends so many values with commas between them, full stops where `append` has none; false where
/// it has none at all. It ends early where they are too long.
fn each(
    count: usize,
    out: &mut Vec<u8>,
    mut append: impl FnMut(usize, &mut Vec<u8>) -> bool,
) -> bool {
    let (mut any, begin) = (false, out.len());
    for place in 0..count {
        if out.len() - begin > MOST_BYTES {
            break;
        }
        if place > 0 {
            out.push(b',');
        }
        any |= or_missing(out, |out| append(place, out));
    }
    any
}

/// Appends a value, or a full stop where `append` has none, which is false.
fn or_missing(out: &mut Vec<u8>, append: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
    let is_there = append(out);
    if !is_there {
        out.push(b'.');
    }
    is_there
}
