//! The values that rows have of a field, in the spelling of INFO.

use super::hit::Hit;
use super::lookup::{FieldValues, Held, RowValues};

/// The values of a field in the blocks that are held.
pub struct ValuesOf<'a> {
    held: &'a Held<'a>,
    /// The number of the field.
    number: usize,
    /// The parts of the text that was taken apart last, and whose they are: a row with many alleles
    /// is asked for each of them.
    parts: Vec<&'a [u8]>,
    parts_of: Option<Hit>,
}

impl<'a> ValuesOf<'a> {
    /// Those of the field of this number.
    pub fn new(held: &'a Held<'a>, number: usize) -> Self {
        Self { held, number, parts: Vec::new(), parts_of: None }
    }

    /// Those of the block that a row is of.
    pub fn of(&self, hit: &Hit) -> &'a FieldValues {
        &self.held.get(hit.place).values[self.number]
    }

    /// Whether a flag is set in a row.
    pub fn is_set(&self, hit: &Hit) -> bool {
        self.of(hit).is_set(hit.row)
    }

    /// Appends all values of a row, with commas between them; false where none is known.
    pub fn append_all(&self, hit: &Hit, out: &mut Vec<u8>) -> bool {
        let values = self.of(hit);
        match values.find(hit.row) {
            RowValues::Nothing => false,
            RowValues::Text(text) => {
                values.append_texts(text.as_bytes(), out);
                is_known(text)
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

    /// Appends the value of a row that has one; false, and nothing, where it is missing.
    pub fn append_one(&self, hit: &Hit, out: &mut Vec<u8>) -> bool {
        let values = self.of(hit);
        match values.find(hit.row) {
            RowValues::Nothing => false,
            RowValues::Elements(range) => values.append(range.start, out),
            RowValues::Text(text) if !is_known(text) => false,
            RowValues::Text(text) => {
                values.append_text(text.as_bytes(), out);
                true
            }
        }
    }

    /// Appends one of the values of a row, counted from zero; false, and nothing, where it is
    /// missing.
    pub fn append_nth(&mut self, hit: &Hit, nth: usize, out: &mut Vec<u8>) -> bool {
        let values = self.of(hit);
        match values.find(hit.row) {
            RowValues::Nothing => false,
            RowValues::Elements(range) => {
                range.len() > nth && values.append(range.start + nth, out)
            }
            RowValues::Text(text) => {
                if !self.parts_of.is_some_and(|it| it.is_of_row(hit)) {
                    self.parts.clear();
                    self.parts.extend(text.as_bytes().split(|it| *it == b','));
                    self.parts_of = Some(*hit);
                }
                let part = self.parts.get(nth).filter(|it| !it.is_empty() && **it != b".");
                part.inspect(|it| values.append_texts(it, out)).is_some()
            }
        }
    }
}

/// Whether a text has a value that is no full stop.
fn is_known(text: &str) -> bool {
    text.bytes().any(|it| !matches!(it, b'.' | b','))
}
