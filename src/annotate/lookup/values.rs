//! The values of one field in the rows of a block, and their spelling in INFO.

use std::ops::Range;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float32Array, Float64Array, Int32Array, Int64Array,
    ListArray, MapArray, RecordBatch, StringArray, StringBuilder, StructArray,
};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int32Type, Int64Type};

use crate::annotate::fields::Origin;
use crate::emit::Codes;
use crate::model::{AnnotationKind, Error, Result};
use crate::query::{append_float, map_entry};

/// What texts write in percent codes.
#[derive(Debug)]
pub struct TextCodes {
    /// In a value.
    pub one: Codes,
    /// In a text whose commas part values.
    pub list: Codes,
}

/// Of texts that stand for themselves.
pub static CODES: TextCodes = TextCodes { one: Codes::of(b";=, "), list: Codes::of(b";= ") };
/// Of texts whose percent codes, if they have some, stay.
pub static KEPT_CODES: TextCodes = TextCodes {
    one: Codes::of(b";=, ").keeping_percent(),
    list: Codes::of(b";= ").keeping_percent(),
};

/// The values of one field, downcast once.
#[derive(Debug)]
pub struct FieldValues {
    codes: &'static TextCodes,
    scalar: Scalar,
    list: Option<ListArray>,
    /// Where the texts of a key stand that did not fit its column, and those of keys without one.
    others: Option<(MapArray, String)>,
    /// Whose entries the values are, where they are entries of annotations.
    entries: Option<(AnnotationKind, EntryAlleles)>,
}

/// Where the alleles stand that entries name.
#[derive(Debug)]
enum EntryAlleles {
    /// In a column of the entries.
    Column(StringArray),
    /// In this one of the parts of an entry between bars.
    Part(usize),
}

/// An entry of annotations.
#[derive(Clone, Copy, Debug)]
pub enum EntryValue<'a> {
    /// An element of the column.
    At(usize),
    /// A text, as INFO had it.
    Text(&'a str),
}

#[derive(Debug)]
enum Scalar {
    /// The file has no such column.
    Absent,
    Int(Int32Array),
    Long(Int64Array),
    Float(Float32Array),
    Double(Float64Array),
    Text(StringArray),
    Boolean(BooleanArray),
}

/// What a row has of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowValues<'a> {
    /// Nothing.
    Nothing,
    /// These elements of the column.
    Elements(Range<usize>),
    /// This text, as INFO had it.
    Text(&'a str),
}

impl FieldValues {
    /// The values of a field in a batch of its columns, whose texts have such codes.
    pub fn new(batch: &RecordBatch, origin: &Origin, codes: &'static TextCodes) -> Result<Self> {
        Ok(Self { codes, ..Self::of_origin(batch, origin)? })
    }

    fn of_origin(batch: &RecordBatch, origin: &Origin) -> Result<Self> {
        match origin {
            Origin::Info { column, key, entries } => {
                let info = batch.column_by_name("info").and_then(|it| it.as_struct_opt());
                let column = column.as_ref().zip(info).and_then(|(it, of)| of.column_by_name(it));
                let others = batch.column_by_name("info_other").and_then(|it| it.as_map_opt());
                let others = others.map(|it| (it.clone(), key.clone()));
                let entries = entries.map(|(kind, part)| (kind, EntryAlleles::Part(part)));
                Ok(Self { others, entries, ..Self::of(column)? })
            }
            Origin::Column(name) => Self::of(batch.column_by_name(name)),
            Origin::Key { column, key } => {
                let map = batch.column_by_name(column).and_then(|it| it.as_map_opt());
                let others = map.map(|it| (it.clone(), key.clone()));
                Ok(Self { others, ..Self::of(None)? })
            }
            Origin::Entries { kind, column, key, .. } => {
                let list = batch.column_by_name("annotations").and_then(|it| it.as_struct_opt());
                let list = list.and_then(|it| it.column_by_name(kind.name()));
                let Some(list) = list.and_then(|it| it.as_list_opt::<i32>()) else {
                    return Self::of(None);
                };
                let entries = list.values().as_struct_opt();
                let of = |name: &str| texts(entries.and_then(|it| it.column_by_name(name)));
                let alleles = EntryAlleles::Column(of("allele")?);
                let map = entries.and_then(|it| it.column_by_name(column)?.as_map_opt());
                let values = match (key, map) {
                    (None, _) => of(column)?,
                    (Some(key), Some(map)) => {
                        (0..map.len()).map(|it| map_entry(map, it, key)).collect()
                    }
                    (Some(_), None) => StringArray::new_null(0),
                };
                let (scalar, list) = (Scalar::Text(values), Some(list.clone()));
                let entries = Some((*kind, alleles));
                Ok(Self { codes: &CODES, scalar, list, others: None, entries })
            }
        }
    }

    fn of(column: Option<&ArrayRef>) -> Result<Self> {
        let list = column.and_then(|it| it.as_list_opt::<i32>()).cloned();
        let scalar = match (&list, column) {
            (Some(list), _) => Scalar::of(list.values())?,
            (None, Some(column)) => Scalar::of(column)?,
            (None, None) => Scalar::Absent,
        };
        Ok(Self { codes: &CODES, scalar, list, others: None, entries: None })
    }

    /// What a row has.
    pub fn find(&self, row: usize) -> RowValues<'_> {
        if let Some((map, key)) = &self.others
            && let Some(text) = map_entry(map, row, key)
        {
            return RowValues::Text(text);
        }
        let range = match &self.list {
            _ if matches!(self.scalar, Scalar::Absent) => 0..0,
            Some(list) => elements(list, row),
            None if self.scalar.is_valid(row) => row..row + 1,
            None => 0..0,
        };
        if range.is_empty() { RowValues::Nothing } else { RowValues::Elements(range) }
    }

    /// Whose entries the values are; none where they are no entries of annotations.
    pub fn kind_of_entries(&self) -> Option<AnnotationKind> {
        self.entries.as_ref().map(|it| it.0)
    }

    /// The entries of a row.
    pub fn entries(&self, row: usize) -> Vec<EntryValue<'_>> {
        match self.find(row) {
            RowValues::Nothing => Vec::new(),
            RowValues::Elements(range) => range.map(EntryValue::At).collect(),
            RowValues::Text(text) => text.split(',').map(EntryValue::Text).collect(),
        }
    }

    /// The allele that an entry names; empty where it names none.
    pub fn allele_named_by<'a>(&'a self, entry: EntryValue<'a>) -> &'a [u8] {
        let part = |text: &'a str, part: usize| text.split('|').nth(part).unwrap_or_default();
        let named = match (self.entries.as_ref().map(|it| &it.1), entry, &self.scalar) {
            (Some(EntryAlleles::Column(texts)), EntryValue::At(at), _) if at < texts.len() => {
                texts.value(at)
            }
            (Some(EntryAlleles::Part(nth)), EntryValue::Text(text), _) => part(text, *nth),
            (Some(EntryAlleles::Part(nth)), EntryValue::At(at), Scalar::Text(texts)) => {
                part(texts.value(at), *nth)
            }
            _ => "",
        };
        named.as_bytes()
    }

    /// Appends an entry, in the spelling of INFO; false, and nothing, where it is missing.
    pub fn append_entry(&self, entry: EntryValue<'_>, out: &mut Vec<u8>) -> bool {
        match entry {
            EntryValue::At(at) => self.append(at, out),
            EntryValue::Text("" | ".") => false,
            EntryValue::Text(text) => {
                self.append_texts(text.as_bytes(), out);
                true
            }
        }
    }

    /// Appends a text that is a value, in the spelling of INFO.
    pub fn append_text(&self, text: &[u8], out: &mut Vec<u8>) {
        self.codes.one.append_value(text, out);
    }

    /// Appends a text whose commas part values.
    pub fn append_texts(&self, text: &[u8], out: &mut Vec<u8>) {
        self.codes.list.append(text, out);
    }

    /// An element that is an integer.
    pub fn integer(&self, at: usize) -> Option<i64> {
        match &self.scalar {
            Scalar::Int(it) if it.is_valid(at) => Some(it.value(at).into()),
            Scalar::Long(it) if it.is_valid(at) => Some(it.value(at)),
            _ => None,
        }
    }

    /// Whether a flag is set in a row.
    pub fn is_set(&self, row: usize) -> bool {
        match (&self.scalar, self.find(row)) {
            (_, RowValues::Text(_)) => true,
            (Scalar::Boolean(flags), RowValues::Elements(range)) => flags.value(range.start),
            _ => false,
        }
    }

    /// Appends an element, in the spelling of INFO; false, and nothing, where it is missing or an
    /// empty text, which INFO has no spelling for.
    pub fn append(&self, at: usize, out: &mut Vec<u8>) -> bool {
        if !self.scalar.is_valid(at) {
            return false;
        }
        match &self.scalar {
            Scalar::Absent => return false,
            Scalar::Text(it) if it.value(at).is_empty() => return false,
            Scalar::Int(it) => append_integer(it.value(at).into(), out),
            Scalar::Long(it) => append_integer(it.value(at), out),
            Scalar::Float(it) => append_single(it.value(at), out),
            Scalar::Double(it) => append_double(it.value(at), out),
            Scalar::Text(it) => self.append_text(it.value(at).as_bytes(), out),
            Scalar::Boolean(it) => {
                out.extend_from_slice(if it.value(at) { b"true" } else { b"false" });
            }
        }
        true
    }
}

impl Scalar {
    fn of(array: &ArrayRef) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Int32 => Self::Int(array.as_primitive::<Int32Type>().clone()),
            DataType::Int64 => Self::Long(array.as_primitive::<Int64Type>().clone()),
            DataType::Float32 => Self::Float(array.as_primitive::<Float32Type>().clone()),
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().clone()),
            DataType::Utf8 => Self::Text(array.as_string::<i32>().clone()),
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            other => return Err(Error::internal(format!("a field of type {other}"))),
        })
    }

    fn is_valid(&self, at: usize) -> bool {
        match self {
            Self::Absent => false,
            Self::Int(it) => it.is_valid(at),
            Self::Long(it) => it.is_valid(at),
            Self::Float(it) => it.is_valid(at),
            Self::Double(it) => it.is_valid(at),
            Self::Text(it) => it.is_valid(at),
            Self::Boolean(it) => it.is_valid(at),
        }
    }
}

/// The places of the elements of a row; none where it is null.
pub fn elements(list: &ListArray, row: usize) -> Range<usize> {
    if list.is_null(row) {
        return 0..0;
    }
    let offsets = list.value_offsets();
    // Offsets of a valid list are neither negative nor beyond the address space.
    let place = |it: i32| usize::try_from(it).unwrap_or_default();
    place(offsets[row])..place(offsets[row + 1])
}

/// A column of integers of either width; the least number stands for null.
pub fn integers(column: Option<&ArrayRef>) -> Result<Vec<i64>> {
    let column = column.ok_or_else(|| Error::internal("a data file has no positions"))?;
    let missing = i64::MIN;
    if let Some(narrow) = column.as_primitive_opt::<Int32Type>() {
        return Ok(narrow.iter().map(|it| it.map_or(missing, i64::from)).collect());
    }
    match column.as_primitive_opt::<Int64Type>() {
        Some(wide) if wide.null_count() == 0 => Ok(wide.values().to_vec()),
        Some(wide) => Ok(wide.iter().map(|it| it.unwrap_or(missing)).collect()),
        None => Err(Error::internal("positions are no integers")),
    }
}

/// A column of the entries of annotations as texts: lists joined with `&`, pairs with `/`, as
/// programs write them.
fn texts(column: Option<&ArrayRef>) -> Result<StringArray> {
    let Some(column) = column else { return Ok(StringArray::new_null(0)) };
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Ok(texts.clone());
    }
    let mut out = StringBuilder::new();
    if let Some(list) = column.as_list_opt::<i32>()
        && let Some(texts) = list.values().as_string_opt::<i32>()
    {
        for row in 0..list.len() {
            let parts: Vec<_> = elements(list, row).map(|it| texts.value(it)).collect();
            out.append_option((!parts.is_empty()).then(|| parts.join("&")));
        }
        return Ok(out.finish());
    }
    let Some(pair) = column.as_struct_opt() else {
        return Err(Error::internal(format!("annotations of type {}", column.data_type())));
    };
    pairs(pair, &mut out);
    Ok(out.finish())
}

fn pairs(pair: &StructArray, out: &mut StringBuilder) {
    let halves: Vec<_> = pair.columns().iter().filter_map(|it| it.as_string_opt::<i32>()).collect();
    for row in 0..pair.len() {
        let of_row = halves.iter().filter(|it| it.is_valid(row)).map(|it| it.value(row));
        let of_row: Vec<_> = of_row.collect();
        out.append_option((!of_row.is_empty()).then(|| of_row.join("/")));
    }
}

fn append_integer(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn append_double(value: f64, out: &mut Vec<u8>) {
    let mut text = String::new();
    append_float(value, &mut text);
    out.extend_from_slice(text.as_bytes());
}

fn append_single(value: f32, out: &mut Vec<u8>) {
    if !value.is_finite() {
        return append_double(value.into(), out);
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_value_is_written_in_codes() {
        let text = b"a;b=c, d\t%3B\xc3\xa9";
        for (codes, one, list) in [
            (&KEPT_CODES, &b"a%3Bb%3Dc%2C%20d%09%3B\xc3\xa9"[..], &b"a%3Bb%3Dc,%20d"[..]),
            (&CODES, b"a%3Bb%3Dc%2C%20d%09%253B\xc3\xa9", b"a%3Bb%3Dc,%20d"),
        ] {
            let mut out = Vec::new();
            codes.one.append_value(text, &mut out);
            assert_eq!(out, one);
            out.clear();
            codes.list.append_value(&text[..8], &mut out);
            assert_eq!(out, list);
        }
    }

    #[test]
    fn floats_of_32_bits_are_as_short_as_those_of_64() {
        for (value, text) in [(0.1, "0.1"), (1.0, "1"), (1e-7, "1e-7"), (f32::NAN, "NaN")] {
            let mut out = Vec::new();
            append_single(value, &mut out);
            assert_eq!(out, text.as_bytes());
        }
    }
}
