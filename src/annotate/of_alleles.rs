//! The values of the rows that were found for the ALT alleles of a record, put in their order.

use super::added::{Added, Joined};
use super::counts::SourceCounts;
use super::entries::Wanted;
use super::lookup::{AlleleAt, FieldValues, Held, RowValues, append_list_text};
use super::of_entries::RowEntries;
use super::overlap::join;
use super::request::OnMany;
use super::source::{Source, SourceField};
use crate::model::Result;
use crate::read::vcf::Number;

/// Values that a record gets of one field at most: genotypes of some hundred alleles are more.
pub const MOST_VALUES: usize = 1 << 16;
/// Bytes of the values of one field from which on a record gets none.
const MOST_BYTES: usize = 16 << 20;

/// A row that is of an allele of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The ALT allele of the record, from zero.
    pub allele: usize,
    /// The number of the block, by which rows of several files are in order.
    block: u32,
    /// The row within the block.
    pub row: usize,
    /// The ALT allele of the row, from zero.
    of_row: usize,
    /// Which of the blocks that are held.
    pub place: usize,
}

impl Hit {
    /// An allele of a row of a block that is held at a place.
    pub fn new(allele: usize, place: usize, block: u32, found: AlleleAt) -> Self {
        Self { allele, block, row: found.row, of_row: found.allele, place }
    }
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
            if self.values_of(field.field.number) > MOST_VALUES {
                let is_known =
                    |it: &Hit| values(held, it, number).find(it.row) != RowValues::Nothing;
                counts.large += u64::from(self.all.iter().any(is_known));
                continue;
            }
            added.add(source.first_field + number, key, |out| {
                let begin = out.len();
                let wrote = match (field.field.number, source.on_many) {
                    (_, on_many) if field.field.entries().is_some() => {
                        self.entries(held, (number, field), on_many, out)
                    }
                    (Number::Count(0), _) => {
                        self.all.iter().any(|it| values(held, it, number).is_set(it.row))
                    }
                    (Number::Count(1), OnMany::All) if !field.once => {
                        self.all_values(held, number, out)
                    }
                    (Number::A, OnMany::All) => self.all_values_by_allele(held, number, out),
                    (Number::Count(1), _) => self.one_each(held, (number, field), out),
                    (Number::A, _) => self.by_allele(held, number, 0, out),
                    (Number::R, _) => self.by_allele(held, number, 1, out),
                    (Number::G, _) => self.by_genotype(held, number, out),
                    _ => self.all_values(held, number, out),
                };
                counts.cut += u64::from(std::mem::take(&mut self.joined.is_cut));
                let is_large = out.len() - begin > MOST_BYTES;
                counts.large += u64::from(is_large);
                Ok::<_, crate::model::Error>(wrote && !is_large)
            })?;
        }
        Ok(())
    }

    /// How many values a field of this number has, where that is told by the alleles.
    fn values_of(&self, number: Number) -> usize {
        match number {
            Number::A | Number::Count(1) => self.alleles,
            Number::R => self.alleles + 1,
            Number::G => (self.alleles + 1).saturating_mul(self.alleles + 2) / 2,
            _ => 0,
        }
    }

    /// One value for each allele; once where the file has it so.
    fn one_each(
        &self,
        held: &Held<'_>,
        (number, field): (usize, &SourceField),
        out: &mut Vec<u8>,
    ) -> bool {
        if field.once {
            return self.all.iter().any(|it| append_known(values(held, it, number), it.row, out));
        }
        self.each_allele(out, |hit, out| append_known(values(held, hit, number), hit.row, out))
    }

    /// The values of the entries of annotations that are of the alleles of the record.
    fn entries(
        &mut self,
        held: &Held<'_>,
        (number, field): (usize, &SourceField),
        on_many: OnMany,
        out: &mut Vec<u8>,
    ) -> bool {
        let of = |hit: &Hit| RowEntries::new(held.get(hit.place), number, hit.row);
        match field.field.entries() {
            None | Some(Wanted::All) => self.all_entries(of, out),
            Some(Wanted::Nth(nth)) if field.once => {
                self.all.iter().any(|it| of(it).append_nth(it.of_row, nth, out))
            }
            Some(Wanted::Nth(nth)) if on_many == OnMany::All => {
                self.joined.clear();
                for hit in &self.all {
                    self.scratch.clear();
                    of(hit).append_nth(hit.of_row, nth, &mut self.scratch);
                    self.joined.add(&self.scratch);
                }
                out.extend_from_slice(self.joined.text());
                !self.joined.text().is_empty()
            }
            Some(Wanted::Nth(nth)) => {
                self.each_allele(out, |it, out| of(it).append_nth(it.of_row, nth, out))
            }
        }
    }

    /// All entries of one row; those of several rows each once.
    fn all_entries<'a>(&mut self, of: impl Fn(&Hit) -> RowEntries<'a>, out: &mut Vec<u8>) -> bool {
        let Some(first) = self.all.first().copied() else { return false };
        let is_of_first = |it: &Hit| (it.block, it.row) == (first.block, first.row);
        if !self.all.iter().all(is_of_first) {
            self.joined.clear();
            for hit in &self.all {
                let entries = of(hit);
                for entry in entries.of(|it| it == hit.of_row) {
                    self.scratch.clear();
                    entries.append(entry, &mut self.scratch);
                    self.joined.add(&self.scratch);
                }
            }
            out.extend_from_slice(self.joined.text());
            return !self.joined.text().is_empty();
        }
        let (mut any, begin) = (false, out.len());
        let entries = of(&first);
        for entry in entries.of(|allele| self.all.iter().any(|it| it.of_row == allele)) {
            if out.len() > begin {
                out.push(b',');
            }
            if entries.append(entry, out) {
                any = true;
            } else {
                out.push(b'.');
            }
        }
        any
    }

    /// The value of each allele, of those that a row has for its own; that of REF in front where it
    /// has one.
    fn by_allele(&self, held: &Held<'_>, number: usize, before: usize, out: &mut Vec<u8>) -> bool {
        let mut any = false;
        if before > 0 {
            any = self.all.iter().any(|it| append_nth(values(held, it, number), it.row, 0, out));
            out.extend_from_slice(if any { b"," } else { b".," });
        }
        let each = self.each_allele(out, |hit, out| {
            append_nth(values(held, hit, number), hit.row, hit.of_row + before, out)
        });
        any || each
    }

    /// Appends what `append` has for each allele, full stops for the others; false where no allele
    /// has something.
    fn each_allele(&self, out: &mut Vec<u8>, append: impl Fn(&Hit, &mut Vec<u8>) -> bool) -> bool {
        let (mut any, begin) = (false, out.len());
        for allele in 0..self.alleles {
            if out.len() - begin > MOST_BYTES {
                break;
            }
            if allele > 0 {
                out.push(b',');
            }
            if self.first_of(allele).is_some_and(|it| append(it, out)) {
                any = true;
            } else {
                out.push(b'.');
            }
        }
        any
    }

    /// The value of each genotype whose alleles one row has.
    fn by_genotype(&self, held: &Held<'_>, number: usize, out: &mut Vec<u8>) -> bool {
        let mut any = false;
        for second in 0..=self.alleles {
            for first in 0..=second {
                if second > 0 {
                    out.push(b',');
                }
                let found = self.genotype(first, second).is_some_and(|(hit, nth)| {
                    append_nth(values(held, hit, number), hit.row, nth, out)
                });
                any |= found;
                if !found {
                    out.push(b'.');
                }
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
            Some(it) => {
                let is_same = it.block == row.block && it.row == row.row;
                is_same.then_some(it.of_row + 1)
            }
        };
        let (one, other) = (in_row(first)?, in_row(second)?);
        let (low, high) = (one.min(other), one.max(other));
        Some((row, high * (high + 1) / 2 + low))
    }

    /// All values of all rows, each row once; each value once where there are several rows.
    fn all_values(&mut self, held: &Held<'_>, number: usize, out: &mut Vec<u8>) -> bool {
        let Some(first) = self.all.first().copied() else { return false };
        if self.all.iter().all(|it| (it.block, it.row) == (first.block, first.row)) {
            return append_whole(values(held, &first, number), first.row, out);
        }
        self.joined.clear();
        for hit in &self.all {
            join(values(held, hit, number), hit.row, &mut self.scratch, &mut self.joined);
        }
        out.extend_from_slice(self.joined.text());
        !self.joined.text().is_empty()
    }

    /// The values of all rows for the alleles that they are found for, each once.
    fn all_values_by_allele(&mut self, held: &Held<'_>, number: usize, out: &mut Vec<u8>) -> bool {
        self.joined.clear();
        for hit in &self.all {
            self.scratch.clear();
            append_nth(values(held, hit, number), hit.row, hit.of_row, &mut self.scratch);
            self.joined.add(&self.scratch);
        }
        out.extend_from_slice(self.joined.text());
        !self.joined.text().is_empty()
    }
}

fn values<'a>(held: &'a Held<'_>, hit: &Hit, number: usize) -> &'a FieldValues {
    &held.get(hit.place).values[number]
}

/// Appends all that a row has of a field; false where no value is known.
fn append_whole(values: &FieldValues, row: usize, out: &mut Vec<u8>) -> bool {
    match values.find(row) {
        RowValues::Nothing => false,
        RowValues::Text(text) => {
            append_list_text(text.as_bytes(), out);
            text.bytes().any(|it| !matches!(it, b'.' | b','))
        }
        RowValues::Elements(range) => {
            let mut any = false;
            for at in range.clone() {
                if at > range.start {
                    out.push(b',');
                }
                if values.append(at, out) {
                    any = true;
                } else {
                    out.push(b'.');
                }
            }
            any
        }
    }
}

/// The same; nothing is appended where no value is known.
fn append_known(values: &FieldValues, row: usize, out: &mut Vec<u8>) -> bool {
    let begin = out.len();
    let is_known = append_whole(values, row, out);
    if !is_known {
        out.truncate(begin);
    }
    is_known
}

/// Appends one of the values that a row has; false, and nothing, where it is missing.
fn append_nth(values: &FieldValues, row: usize, nth: usize, out: &mut Vec<u8>) -> bool {
    match values.find(row) {
        RowValues::Nothing => false,
        RowValues::Elements(range) => range.len() > nth && values.append(range.start + nth, out),
        RowValues::Text(text) => {
            let part = text.as_bytes().split(|it| *it == b',').nth(nth);
            let part = part.filter(|it| !it.is_empty() && *it != b".");
            part.inspect(|it| append_list_text(it, out)).is_some()
        }
    }
}
