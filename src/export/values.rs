//! Values of columns as text, downcast once for all rows.

use std::ops::Range;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float32Array, Float64Array, Int32Array, Int64Array,
    ListArray, MapArray, StringArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int32Type, Int64Type};

use super::wide::INTEGERS;
use crate::emit::Codes;
use crate::query::format::append_plain;

/// A column.
pub struct ColumnValues<'a> {
    scalar: ScalarValues<'a>,
    /// Which values, or elements of lists, are missing; none where all are there.
    nulls: Option<&'a NullBuffer>,
    list: Option<&'a ListArray>,
}

enum ScalarValues<'a> {
    Int(&'a Int32Array),
    Long(&'a Int64Array),
    Float(&'a Float32Array),
    Double(&'a Float64Array),
    Text(&'a StringArray),
    Boolean(&'a BooleanArray),
    /// Of any other type.
    Other(&'a ArrayRef),
    /// None of the values is there.
    Nothing,
}

/// How the texts of a column are written.
#[derive(Clone, Copy)]
pub struct Spelling {
    /// The codes for what is special in a text, or in an element of a list.
    pub codes: &'static Codes,
    /// What separates the elements of a list.
    pub separator: u8,
    /// Whether whole numbers that are floats have no fraction: `1`, not `1.0`.
    pub short: bool,
}

impl<'a> ColumnValues<'a> {
    /// A column of any type.
    pub fn new(array: &'a ArrayRef) -> Self {
        let list = array.as_list_opt::<i32>();
        let values = list.map_or(array, ListArray::values);
        let nulls = values.nulls().filter(|it| it.null_count() > 0);
        Self { scalar: ScalarValues::new(values), nulls, list }
    }

    /// Whether the column is one of true and false.
    pub fn is_boolean(&self) -> bool {
        matches!(self.scalar, ScalarValues::Boolean(_)) && self.list.is_none()
    }

    /// Whether a row has a value that is true.
    pub fn is_true(&self, row: usize) -> bool {
        matches!(self.scalar, ScalarValues::Boolean(it) if self.is_valid(row) && it.value(row))
    }

    /// Whether a row has a value.
    pub fn is_there(&self, row: usize) -> bool {
        match self.list {
            Some(list) => list.is_valid(row) && !elements(list, row).is_empty(),
            None => self.is_valid(row),
        }
    }

    /// How many integers of some rows VCF's have no bits for.
    pub fn wide_integers(&self, rows: Range<usize>) -> usize {
        let ScalarValues::Long(values) = self.scalar else { return 0 };
        let places = match self.list {
            Some(list) if !rows.is_empty() => {
                elements(list, rows.start).start..elements(list, rows.end - 1).end
            }
            _ => rows,
        };
        let first = places.start;
        let values = values.values().get(places).unwrap_or_default().iter().enumerate();
        let wide = values.filter(|(at, it)| !INTEGERS.contains(it) && self.is_valid(first + at));
        wide.count()
    }

    #[inline]
    fn is_valid(&self, row: usize) -> bool {
        self.nulls.is_none_or(|it| it.is_valid(row))
            && !matches!(self.scalar, ScalarValues::Nothing)
    }

    /// Appends the value of a row; false, and nothing, where it has none. A missing element of a
    /// list is a dot.
    pub fn append(&self, row: usize, how: Spelling, out: &mut Vec<u8>) -> bool {
        let Some(list) = self.list else {
            let is_there = self.is_valid(row);
            if is_there {
                self.scalar.append(row, how, out);
            }
            return is_there;
        };
        if list.is_null(row) {
            return false;
        }
        let elements = elements(list, row);
        for index in elements.clone() {
            if index > elements.start {
                out.push(how.separator);
            }
            if self.is_valid(index) {
                self.scalar.append(index, how, out);
            } else {
                out.push(b'.');
            }
        }
        !elements.is_empty()
    }
}

impl<'a> ScalarValues<'a> {
    fn new(array: &'a ArrayRef) -> Self {
        match array.data_type() {
            DataType::Int32 => Self::Int(array.as_primitive::<Int32Type>()),
            DataType::Int64 => Self::Long(array.as_primitive::<Int64Type>()),
            DataType::Float32 => Self::Float(array.as_primitive::<Float32Type>()),
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>()),
            DataType::Utf8 => Self::Text(array.as_string::<i32>()),
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Null => Self::Nothing,
            _ => Self::Other(array),
        }
    }

    #[inline]
    fn append(&self, row: usize, how: Spelling, out: &mut Vec<u8>) {
        match self {
            Self::Nothing => {}
            Self::Int(it) => append_integer(it.value(row), out),
            Self::Long(it) => append_integer(it.value(row), out),
            Self::Float(it) => append_float(it.value(row), how.short, out),
            Self::Double(it) => append_float(it.value(row), how.short, out),
            Self::Text(it) => how.codes.append_value(it.value(row).as_bytes(), out),
            Self::Boolean(it) => {
                out.extend_from_slice(if it.value(row) { b"true" } else { b"false" });
            }
            Self::Other(it) => {
                let mut text = Vec::new();
                append_plain(it, row, &mut text);
                how.codes.append_value(&text, out);
            }
        }
    }
}

/// Appends a whole number.
#[inline]
pub fn append_integer(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends the shortest text that reads back to the same number.
#[inline]
pub fn append_float<F: ryu::Float + Into<f64> + Copy>(value: F, short: bool, out: &mut Vec<u8>) {
    let wide: f64 = value.into();
    // A number of 32 bits has other digits.
    if size_of::<F>() == size_of::<f64>() && short && append_decimal(wide, out) {
        return;
    }
    if wide.is_finite() {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value).as_bytes();
        let text = if short { text.strip_suffix(b".0").unwrap_or(text) } else { text };
        out.extend_from_slice(text);
    } else if wide.is_nan() {
        out.extend_from_slice(b"NaN");
    } else {
        out.extend_from_slice(if wide < 0.0 { b"-Infinity" } else { b"Infinity" });
    }
}

/// Ten to the number of decimals that [`append_decimal`] looks at.
const DECIMALS: u64 = 1_000_000_000;

/// Appends a number of few decimals, as most of files are, faster than in general; false, and
/// nothing, for any other.
#[inline]
fn append_decimal(value: f64, out: &mut Vec<u8>) -> bool {
    let size = value.abs();
    // Below, the shortest text has an exponent; above, floats are not all whole billionths.
    if !(1e-5..1e6).contains(&size) {
        if value == 0.0 && value.is_sign_positive() {
            out.push(b'0');
            return true;
        }
        return false;
    }
    #[allow(clippy::cast_precision_loss)] // It has ten digits.
    let scale = DECIMALS as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is below 2^53.
    let scaled = (size * scale + 0.5) as u64;
    #[allow(clippy::cast_precision_loss, clippy::float_cmp)] // It is that very number, or not.
    let is_it = scaled as f64 / scale == size;
    if !is_it {
        return false;
    }
    if value < 0.0 {
        out.push(b'-');
    }
    append_integer(scaled / DECIMALS, out);
    let fraction = scaled % DECIMALS;
    if fraction > 0 {
        // A one in front keeps the zeros behind the point.
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(DECIMALS + fraction).as_bytes();
        let end = digits.iter().rposition(|it| *it != b'0').map_or(0, |it| it + 1);
        out.push(b'.');
        out.extend_from_slice(digits.get(1..end).unwrap_or_default());
    }
    true
}

/// The elements of a row of a list, as places among its values.
fn elements(list: &ListArray, row: usize) -> Range<usize> {
    let offsets = list.value_offsets();
    let at = |index: usize| usize::try_from(offsets[index]).unwrap_or_default();
    at(row)..at(row + 1)
}

/// A map from text to text.
pub struct TextMap<'a> {
    map: &'a MapArray,
    keys: &'a StringArray,
    values: &'a StringArray,
}

impl<'a> TextMap<'a> {
    /// A column of such maps; none of another type.
    pub fn new(array: &'a ArrayRef) -> Option<Self> {
        let map = array.as_map_opt()?;
        let (keys, values) = (map.keys(), map.values());
        let (keys, values) = (keys.as_string_opt::<i32>()?, values.as_string_opt::<i32>()?);
        Some(Self { map, keys, values })
    }

    /// The keys and values of a row.
    pub fn entries(
        &self,
        row: usize,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let offsets = self.map.value_offsets();
        let at = |index: usize| usize::try_from(offsets[index]).unwrap_or_default();
        let range = if self.map.is_null(row) { 0..0 } else { at(row)..at(row + 1) };
        let (keys, values) = (self.keys, self.values);
        range.map(move |it| {
            (keys.value(it), if values.is_valid(it) { values.value(it) } else { "" })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_shortest_text_that_reads_back() {
        let mut state = 7_u64;
        for round in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            let digits = (state >> 40) % 10_u64.pow(round % 8);
            let value: f64 = format!("{digits}e-{}", (state >> 33) % 14).parse().unwrap();
            for value in [value, -value, value * 1.000_000_1] {
                let mut ours = Vec::new();
                append_float(value, true, &mut ours);
                let mut buffer = ryu::Buffer::new();
                let text = buffer.format_finite(value);
                assert_eq!(ours, text.strip_suffix(".0").unwrap_or(text).as_bytes());
            }
        }
    }

    #[test]
    fn numbers_that_are_none_have_their_words() {
        for (value, short, long) in [
            (f64::NAN, "NaN", "NaN"),
            (f64::NEG_INFINITY, "-Infinity", "-Infinity"),
            (-0.0, "-0", "-0.0"),
            (1e16, "1e16", "1e16"),
            (1.0, "1", "1.0"),
        ] {
            for (is_short, expected) in [(true, short), (false, long)] {
                let mut out = Vec::new();
                append_float(value, is_short, &mut out);
                assert_eq!(out, expected.as_bytes());
            }
        }
    }
}
