//! The values of the rows that were found for the ALT alleles of a record, put in their order.

use super::added::{Added, Joined};
use super::counts::SourceCounts;
use super::lookup::{AlleleAt, FieldValues, Held, RowValues, append_list_text};
use super::overlap::join;
use super::request::OnMany;
use super::source::{Source, SourceField};
use crate::model::Result;
use crate::read::vcf::Number;

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
        // Where each allele has one row, it stands at its place.
        let at = self.all.get(allele).filter(|it| it.allele == allele);
        at.filter(|_| self.all.len() <= self.alleles)
            .or_else(|| self.all.iter().find(|it| it.allele == allele))
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
            added.add(source.first_field + number, key, |out| {
                let wrote = match (field.field.number, source.on_many) {
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
                Ok::<_, crate::model::Error>(wrote)
            })?;
        }
        Ok(())
    }

    /// One value for each allele; once where the file has it so.
    fn one_each(
        &self,
        held: &Held<'_>,
        (number, field): (usize, &SourceField),
        out: &mut Vec<u8>,
    ) -> bool {
        if field.once {
            return self.all.iter().any(|it| append_whole(values(held, it, number), it.row, out));
        }
        self.each_allele(out, |hit, out| append_whole(values(held, hit, number), hit.row, out))
    }

    /// The value of each allele, of those that a row has for its own; that of REF in front where it
    /// has one.
    fn by_allele(&self, held: &Held<'_>, number: usize, before: usize, out: &mut Vec<u8>) -> bool {
        let mut any = false;
        if before > 0 {
            let first = self.all.first();
            any = first.is_some_and(|it| append_nth(values(held, it, number), it.row, 0, out));
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
        let mut any = false;
        for allele in 0..self.alleles {
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

/// Appends all that a row has of a field; false, and nothing, where it has nothing.
fn append_whole(values: &FieldValues, row: usize, out: &mut Vec<u8>) -> bool {
    match values.find(row) {
        RowValues::Nothing => return false,
        RowValues::Text(text) => append_list_text(text.as_bytes(), out),
        RowValues::Elements(range) => {
            for at in range.clone() {
                if at > range.start {
                    out.push(b',');
                }
                if !values.append(at, out) {
                    out.push(b'.');
                }
            }
        }
    }
    true
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
