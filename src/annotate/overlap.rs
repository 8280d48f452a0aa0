//! Rows that a record overlaps: their values are joined, each once.

use super::added::{Added, Joined};
use super::counts::SourceCounts;
use super::lookup::{FieldValues, Held, RowValues};
use super::record::Record;
use super::source::Source;
use crate::model::{Result, ValueType};

/// What a worker needs to find rows by overlap.
#[derive(Default)]
pub struct Overlaps {
    joined: Vec<Joined>,
    set: Vec<bool>,
    value: Vec<u8>,
}

impl Overlaps {
    /// Adds the values of the rows on a contig that a record overlaps; whether there are such rows.
    pub fn add(
        &mut self,
        source: &Source,
        held: &mut Held<'_>,
        (contig, record, text): (usize, &Record, &[u8]),
        counts: &mut SourceCounts,
        added: &mut Added,
    ) -> Result<bool> {
        self.clear(source.fields.len());
        let (start, end) = (record.start(), record.end(text));
        let mut found = false;
        for piece in source.lookup.contigs().rows_of(contig).meeting(start, end - 1) {
            held.let_go();
            let place = held.hold(piece.block)?;
            let block = held.get(place);
            for row in block.overlapping(piece.rows.clone(), start, end) {
                found = true;
                for (field, values) in block.values.iter().enumerate() {
                    let is_flag = source.fields[field].field.value == ValueType::Flag;
                    self.row(field, values, row, is_flag);
                }
            }
            if self.is_full(source) {
                break;
            }
        }
        counts.cut += self.joined.iter().filter(|it| it.is_cut).count() as u64;
        for (number, field) in source.fields.iter().enumerate() {
            let (joined, is_set) = (self.joined[number].text(), self.set[number]);
            let write = |out: &mut Vec<u8>| {
                out.extend_from_slice(joined);
                Ok::<_, crate::model::Error>(is_set || !joined.is_empty())
            };
            added.add(source.first_field + number, field.field.key.as_bytes(), write)?;
        }
        Ok(found)
    }

    fn clear(&mut self, fields: usize) {
        self.joined.resize_with(fields, Joined::default);
        self.joined.iter_mut().for_each(Joined::clear);
        self.set.clear();
        self.set.resize(fields, false);
    }

    fn row(&mut self, field: usize, values: &FieldValues, row: usize, is_flag: bool) {
        if is_flag {
            self.set[field] |= values.is_set(row);
            return;
        }
        join(values, row, &mut self.value, &mut self.joined[field]);
    }

    /// Whether further rows would change nothing.
    fn is_full(&self, source: &Source) -> bool {
        let fields = source.fields.iter().zip(&self.joined).zip(&self.set);
        fields.into_iter().all(|((field, joined), set)| match field.field.value {
            ValueType::Flag => *set,
            _ => joined.is_cut,
        })
    }
}

/// Joins the values of a row to others.
pub fn join(values: &FieldValues, row: usize, scratch: &mut Vec<u8>, joined: &mut Joined) {
    match values.find(row) {
        RowValues::Nothing => {}
        RowValues::Elements(range) => {
            for at in range {
                scratch.clear();
                values.append(at, scratch);
                joined.add(scratch);
            }
        }
        RowValues::Text(text) => {
            for part in text.as_bytes().split(|it| *it == b',') {
                scratch.clear();
                values.append_texts(part, scratch);
                joined.add(scratch);
            }
        }
    }
}
