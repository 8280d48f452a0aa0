//! Columns of texts, of lists of texts, and of maps from text to text.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, MapArray, StringArray, StructArray};
use arrow::buffer::Buffer;
use arrow::datatypes::DataType;

use super::arrays::{list_array, not_the_type};
use super::offsets::Offsets;
use crate::model::{Error, Result};
use crate::read::vcf::Elements;
use crate::write::room::{Buffers, Growing};

/// Texts, one per row.
#[derive(Default)]
pub struct Texts {
    offsets: Offsets,
    bytes: Vec<u8>,
}

/// Lists of texts, one per row.
#[derive(Default)]
pub struct TextLists {
    offsets: Offsets,
    values: Texts,
}

/// Maps from text to text, one per row; null where a row has no entry.
#[derive(Default)]
pub struct TextMaps {
    offsets: Offsets,
    keys: Texts,
    values: Texts,
    /// Whether the map of the last row has not ended.
    open: bool,
}

impl Texts {
    /// Whether no row has had a value yet.
    pub fn is_empty(&self) -> bool {
        self.offsets.rows() == 0
    }

    /// Sets the text of a row; the rows before it that have none become null.
    #[inline]
    pub fn set(&mut self, row: usize, text: &[u8]) {
        self.offsets.fill(row);
        self.push(text);
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.offsets.end(self.bytes.len());
    }

    /// Appends an allele: bases in upper case, symbolic alleles and breakends as they are.
    pub fn push_allele(&mut self, allele: &[u8]) {
        if allele.iter().all(u8::is_ascii_alphabetic) {
            self.bytes.extend(allele.iter().map(u8::to_ascii_uppercase));
            self.offsets.end(self.bytes.len());
        } else {
            self.push(allele);
        }
    }

    /// Takes back all rows but the first `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.offsets.truncate(rows);
        self.bytes.truncate(self.offsets.length());
    }

    /// The array of `rows` rows.
    pub fn finish(self, rows: usize) -> Result<ArrayRef> {
        let (offsets, nulls) = self.offsets.finish(rows, self.bytes.len())?;
        let array = StringArray::try_new(offsets, Buffer::from_vec(self.bytes), nulls);
        Ok(Arc::new(
            array.map_err(|error| {
                Error::internal("a text column is not sound").with_source(error)
            })?,
        ))
    }
}

impl TextLists {
    /// Whether no row has had a value yet.
    pub fn is_empty(&self) -> bool {
        self.offsets.rows() == 0
    }

    /// Begins the list of a row.
    pub fn begin(&mut self, row: usize) -> &mut Self {
        self.offsets.fill(row);
        self
    }

    /// Appends a text to the list under way.
    pub fn push_text(&mut self, text: &[u8]) {
        self.values.push(text);
    }

    /// Appends an allele to the list under way.
    pub fn push_allele(&mut self, allele: &[u8]) {
        self.values.push_allele(allele);
    }

    /// Ends the list under way.
    pub fn end(&mut self) {
        self.offsets.end(self.values.offsets.rows());
    }

    /// Takes back all rows but the first `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.offsets.truncate(rows);
        self.values.truncate(self.offsets.length());
    }

    /// The array of `rows` rows, with the element field of its list type.
    pub fn finish(self, rows: usize, list: &DataType) -> Result<ArrayRef> {
        let count = self.values.offsets.rows();
        list_array(self.offsets, rows, self.values.finish(count)?, list)
    }
}

impl Elements<&[u8]> for TextLists {
    fn push(&mut self, value: Option<&[u8]>) {
        match value {
            Some(text) => self.values.push(text),
            None => self.values.offsets.end_null(self.values.bytes.len()),
        }
    }

    fn finish(&mut self) {
        self.end();
    }

    fn abandon(&mut self) {
        self.values.truncate(self.offsets.length());
    }
}

impl TextMaps {
    /// Adds an entry to the map of a row.
    pub fn add(&mut self, row: usize, key: &[u8], value: &[u8]) {
        self.close_before(row);
        self.keys.push(key);
        self.values.push(value);
        self.open = true;
    }

    /// The keys of all entries, or one more than `most` of them.
    pub fn keys(&self, most: usize) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for range in self.keys.offsets.ranges() {
            if keys.len() > most {
                break;
            }
            let key = String::from_utf8_lossy(&self.keys.bytes[range]);
            if !keys.contains(key.as_ref()) {
                keys.insert(key.into_owned());
            }
        }
        keys
    }

    /// Ends the maps of the rows before this one.
    fn close_before(&mut self, row: usize) {
        if self.open && self.offsets.rows() < row {
            self.offsets.end(self.keys.offsets.rows());
            self.open = false;
        }
        self.offsets.fill(row);
    }

    /// The array of `rows` rows, of this map type.
    pub fn finish(mut self, rows: usize, map: &DataType) -> Result<ArrayRef> {
        self.close_before(rows);
        let DataType::Map(entries, sorted) = map else { return Err(not_the_type("map", map)) };
        let DataType::Struct(fields) = entries.data_type() else {
            return Err(not_the_type("map", map));
        };
        let count = self.keys.offsets.rows();
        let (offsets, nulls) = self.offsets.finish(rows, count)?;
        let columns = vec![self.keys.finish(count)?, self.values.finish(count)?];
        let array = StructArray::try_new(fields.clone(), columns, None)
            .and_then(|it| MapArray::try_new(Arc::clone(entries), offsets, it, nulls, *sorted))
            .map_err(|error| Error::internal("a map column is not sound").with_source(error))?;
        Ok(Arc::new(array))
    }
}

impl Buffers for Texts {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        self.offsets.each_buffer(see);
        see(&mut self.bytes);
    }
}

impl Buffers for TextLists {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        self.offsets.each_buffer(see);
        self.values.each_buffer(see);
    }
}

impl Buffers for TextMaps {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        self.offsets.each_buffer(see);
        self.keys.each_buffer(see);
        self.values.each_buffer(see);
    }
}
