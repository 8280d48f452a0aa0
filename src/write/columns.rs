//! Growing columns that become Arrow arrays. They are filled row by row, but only where a row has a value: the rows that were
//! passed over become null when the next value comes or the column is finished.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, BooleanBufferBuilder, ListArray, MapArray, NullBufferBuilder,
    PrimitiveArray, StringArray, StructArray,
};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{ArrowPrimitiveType, DataType, FieldRef};

use super::room::{Buffers, Growing};
use crate::model::{Error, Result};
use crate::read::vcf::Elements;

/// Numbers, one per row.
pub struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    nulls: NullBufferBuilder,
}

/// Lists of numbers, one per row.
pub struct NumberLists<T: ArrowPrimitiveType> {
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    values: Numbers<T>,
}

/// Texts, one per row.
pub struct Texts {
    offsets: Vec<i32>,
    bytes: Vec<u8>,
    nulls: NullBufferBuilder,
}

/// Lists of texts, one per row.
pub struct TextLists {
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    values: Texts,
}

/// Truth values, one per row; false where nothing was set.
pub struct Flags {
    values: BooleanBufferBuilder,
}

/// Maps from text to text, one per row; null where a row has no entry.
pub struct TextMaps {
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    keys: Texts,
    values: Texts,
    open: bool,
}

pub(super) fn offset(length: usize) -> i32 {
    // A chunk is at most one line of 64 MiB or a few MiB of lines.
    i32::try_from(length).unwrap_or(i32::MAX)
}

impl<T: ArrowPrimitiveType> Default for Numbers<T> {
    fn default() -> Self {
        Self { values: Vec::new(), nulls: NullBufferBuilder::new(0) }
    }
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    #[inline]
    fn fill(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.values.len());
        if missing > 0 {
            self.values.resize(rows, T::Native::default());
            self.nulls.append_n_nulls(missing);
        }
    }

    /// Sets the value of a row; the rows before it that have none become null.
    #[inline]
    pub fn set(&mut self, row: usize, value: T::Native) {
        self.fill(row);
        self.push(Some(value));
    }

    /// Appends a value.
    #[inline]
    pub fn push(&mut self, value: Option<T::Native>) {
        if let Some(value) = value {
            self.values.push(value);
            self.nulls.append_non_null();
        } else {
            self.values.push(T::Native::default());
            self.nulls.append_null();
        }
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.fill(rows);
        Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::from(self.values), self.nulls.finish()))
    }
}

impl<T: ArrowPrimitiveType> Default for NumberLists<T> {
    fn default() -> Self {
        Self { offsets: vec![0], nulls: NullBufferBuilder::new(0), values: Numbers::default() }
    }
}

impl<T: ArrowPrimitiveType> NumberLists<T> {
    /// Begins the list of a row.
    #[inline]
    pub fn begin(&mut self, row: usize) -> &mut Self {
        fill_lists(&mut self.offsets, &mut self.nulls, row);
        self
    }

    /// The array of `rows` rows, with the element field of its list type.
    pub fn finish(mut self, rows: usize, list: &DataType) -> Result<ArrayRef> {
        fill_lists(&mut self.offsets, &mut self.nulls, rows);
        let count = self.values.values.len();
        list_array(self.offsets, self.nulls, self.values.finish(count), list)
    }
}

impl<T: ArrowPrimitiveType> Elements<T::Native> for NumberLists<T> {
    #[inline]
    fn push(&mut self, value: Option<T::Native>) {
        self.values.push(value);
    }

    #[inline]
    fn finish(&mut self) {
        self.offsets.push(offset(self.values.values.len()));
        self.nulls.append_non_null();
    }

    fn abandon(&mut self) {
        let length = last(&self.offsets);
        self.values.values.truncate(length);
        self.values.nulls.truncate(length);
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self { offsets: vec![0], bytes: Vec::new(), nulls: NullBufferBuilder::new(0) }
    }
}

impl Texts {
    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    fn fill(&mut self, rows: usize) {
        fill_lists(&mut self.offsets, &mut self.nulls, rows);
    }

    /// Sets the text of a row; the rows before it that have none become null.
    #[inline]
    pub fn set(&mut self, row: usize, text: &[u8]) {
        self.fill(row);
        self.push(text);
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.offsets.push(offset(self.bytes.len()));
        self.nulls.append_non_null();
    }

    /// Appends a text with its ASCII letters in upper case.
    pub fn push_upper(&mut self, text: &[u8]) {
        self.bytes.extend(text.iter().map(u8::to_ascii_uppercase));
        self.offsets.push(offset(self.bytes.len()));
        self.nulls.append_non_null();
    }

    fn push_null(&mut self) {
        self.offsets.push(offset(self.bytes.len()));
        self.nulls.append_null();
    }

    fn truncate(&mut self, length: usize) {
        self.offsets.truncate(length + 1);
        self.bytes.truncate(last(&self.offsets));
        self.nulls.truncate(length);
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> Result<ArrayRef> {
        self.fill(rows);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        let array =
            StringArray::try_new(offsets, Buffer::from_vec(self.bytes), self.nulls.finish());
        Ok(Arc::new(
            array.map_err(|error| {
                Error::internal("a text column is not sound").with_source(error)
            })?,
        ))
    }
}

impl Default for TextLists {
    fn default() -> Self {
        Self { offsets: vec![0], nulls: NullBufferBuilder::new(0), values: Texts::default() }
    }
}

impl TextLists {
    /// Begins the list of a row.
    pub fn begin(&mut self, row: usize) -> &mut Self {
        fill_lists(&mut self.offsets, &mut self.nulls, row);
        self
    }

    /// Appends a text in upper case to the list under way.
    pub fn push_upper(&mut self, text: &[u8]) {
        self.values.push_upper(text);
    }

    /// The array of `rows` rows, with the element field of its list type.
    pub fn finish(mut self, rows: usize, list: &DataType) -> Result<ArrayRef> {
        fill_lists(&mut self.offsets, &mut self.nulls, rows);
        let count = self.values.len();
        list_array(self.offsets, self.nulls, self.values.finish(count)?, list)
    }
}

impl Elements<&[u8]> for TextLists {
    fn push(&mut self, value: Option<&[u8]>) {
        match value {
            Some(text) => self.values.push(text),
            None => self.values.push_null(),
        }
    }

    fn finish(&mut self) {
        self.offsets.push(offset(self.values.len()));
        self.nulls.append_non_null();
    }

    fn abandon(&mut self) {
        self.values.truncate(last(&self.offsets));
    }
}

impl Default for Flags {
    fn default() -> Self {
        Self { values: BooleanBufferBuilder::new(0) }
    }
}

impl Flags {
    /// Sets the flag of a row.
    pub fn set(&mut self, row: usize) {
        self.values.append_n(row.saturating_sub(self.values.len()), false);
        self.values.append(true);
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.values.append_n(rows.saturating_sub(self.values.len()), false);
        Arc::new(BooleanArray::new(self.values.finish(), None))
    }
}

/// Truth values with gaps.
pub struct Booleans {
    values: BooleanBufferBuilder,
    nulls: NullBufferBuilder,
}

impl Default for Booleans {
    fn default() -> Self {
        Self { values: BooleanBufferBuilder::new(0), nulls: NullBufferBuilder::new(0) }
    }
}

impl Booleans {
    fn fill(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.values.len());
        self.values.append_n(missing, false);
        self.nulls.append_n_nulls(missing);
    }

    /// Sets the value of a row.
    pub fn set(&mut self, row: usize, value: bool) {
        self.fill(row);
        self.values.append(value);
        self.nulls.append_non_null();
    }

    /// The array of `rows` rows.
    pub fn finish(mut self, rows: usize) -> ArrayRef {
        self.fill(rows);
        Arc::new(BooleanArray::new(self.values.finish(), self.nulls.finish()))
    }
}

impl Default for TextMaps {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            nulls: NullBufferBuilder::new(0),
            keys: Texts::default(),
            values: Texts::default(),
            open: false,
        }
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

    /// The keys of all entries.
    pub fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let mut start = 0;
        for end in
            self.keys.offsets.iter().skip(1).map(|it| usize::try_from(*it).unwrap_or_default())
        {
            let key = String::from_utf8_lossy(&self.keys.bytes[start..end]);
            if !keys.contains(key.as_ref()) {
                keys.insert(key.into_owned());
            }
            start = end;
        }
        keys
    }

    /// Ends the maps of the rows before this one.
    fn close_before(&mut self, row: usize) {
        if self.open && self.offsets.len() <= row {
            self.offsets.push(offset(self.keys.len()));
            self.nulls.append_non_null();
            self.open = false;
        }
        fill_lists(&mut self.offsets, &mut self.nulls, row);
    }

    /// The array of `rows` rows, of this map type.
    pub fn finish(mut self, rows: usize, map: &DataType) -> Result<ArrayRef> {
        self.close_before(rows);
        let DataType::Map(entries, sorted) = map else { return Err(not_the_type("map", map)) };
        let DataType::Struct(fields) = entries.data_type() else {
            return Err(not_the_type("map", map));
        };
        let count = self.keys.len();
        let columns = vec![self.keys.finish(count)?, self.values.finish(count)?];
        let pairs = StructArray::try_new(fields.clone(), columns, None);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        let array = pairs
            .and_then(|pairs| {
                MapArray::try_new(Arc::clone(entries), offsets, pairs, self.nulls.finish(), *sorted)
            })
            .map_err(|error| Error::internal("a map column is not sound").with_source(error))?;
        Ok(Arc::new(array))
    }
}

impl<T: ArrowPrimitiveType> Buffers for Numbers<T> {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.values);
    }
}

impl<T: ArrowPrimitiveType> Buffers for NumberLists<T> {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.offsets);
        self.values.each_buffer(see);
    }
}

impl Buffers for Texts {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.offsets);
        see(&mut self.bytes);
    }
}

impl Buffers for TextLists {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.offsets);
        self.values.each_buffer(see);
    }
}

impl Buffers for TextMaps {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.offsets);
        self.keys.each_buffer(see);
        self.values.each_buffer(see);
    }
}

/// Empty lists, marked null, up to `rows` rows.
#[inline]
pub(super) fn fill_lists(offsets: &mut Vec<i32>, nulls: &mut NullBufferBuilder, rows: usize) {
    let missing = (rows + 1).saturating_sub(offsets.len());
    if missing > 0 {
        let end = offsets.last().copied().unwrap_or_default();
        offsets.resize(rows + 1, end);
        nulls.append_n_nulls(missing);
    }
}

fn last(offsets: &[i32]) -> usize {
    offsets.last().and_then(|it| usize::try_from(*it).ok()).unwrap_or_default()
}

/// A list array with the element field of its type.
pub(super) fn list_array(
    offsets: Vec<i32>,
    mut nulls: NullBufferBuilder,
    values: ArrayRef,
    list: &DataType,
) -> Result<ArrayRef> {
    let DataType::List(element) = list else { return Err(not_the_type("list", list)) };
    let element: FieldRef = Arc::clone(element);
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let array = ListArray::try_new(element, offsets, values, nulls.finish())
        .map_err(|error| Error::internal("a list column is not sound").with_source(error))?;
    Ok(Arc::new(array))
}

/// The schema and the columns do not agree.
pub(super) fn not_the_type(expected: &str, found: &DataType) -> Error {
    Error::internal(format!("the schema has {found} where a {expected} is built"))
}
