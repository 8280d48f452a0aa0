//! One value of an answer as text.

use std::io::Write as _;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::query::casts::written;

/// What an array's value at a row is.
pub enum Cell<'a> {
    /// No value.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number as text, finite.
    Number(String),
    /// NaN or an infinity, as text.
    NotANumber(&'static str),
    /// Text, or the text of a value that has no form of its own in JSON (dates, bytes).
    Text(std::borrow::Cow<'a, str>),
    /// Elements of an array.
    List(ArrayRef),
    /// Keys and values.
    Map(ArrayRef, ArrayRef),
    /// Names and values of a row.
    Struct(Vec<(&'a str, &'a ArrayRef)>),
}

/// The value of an array at a row.
pub fn cell(array: &ArrayRef, row: usize) -> Cell<'_> {
    if array.is_null(row) {
        return Cell::Null;
    }
    macro_rules! integer {
        ($type:ty) => {
            Cell::Number(array.as_primitive::<$type>().value(row).to_string())
        };
    }
    match array.data_type() {
        DataType::Null => Cell::Null,
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(row)),
        DataType::Int8 => integer!(Int8Type),
        DataType::Int16 => integer!(Int16Type),
        DataType::Int32 => integer!(Int32Type),
        DataType::Int64 => integer!(Int64Type),
        DataType::UInt8 => integer!(UInt8Type),
        DataType::UInt16 => integer!(UInt16Type),
        DataType::UInt32 => integer!(UInt32Type),
        DataType::UInt64 => integer!(UInt64Type),
        DataType::Float32 => float(array.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).into()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).into()),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).into()),
        _ => nested(array, row),
    }
}

fn nested(array: &ArrayRef, row: usize) -> Cell<'_> {
    match array.data_type() {
        DataType::List(_) => Cell::List(array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => Cell::List(array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(..) => Cell::List(array.as_fixed_size_list().value(row)),
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            Cell::Map(entries.column(0).clone(), entries.column(1).clone())
        }
        DataType::Struct(fields) => {
            let names = fields.iter().map(|it| it.name().as_str());
            Cell::Struct(names.zip(array.as_struct().columns()).collect())
        }
        other => {
            if let Some(text) = written(array, row) {
                return Cell::Text(text.into());
            }
            let text = ArrayFormatter::try_new(array, &FormatOptions::default())
                .map(|it| it.value(row).to_string())
                .unwrap_or_default();
            match other {
                DataType::Decimal32(..)
                | DataType::Decimal64(..)
                | DataType::Decimal128(..)
                | DataType::Decimal256(..) => Cell::Number(text),
                _ => Cell::Text(text.into()),
            }
        }
    }
}

fn float<F: ryu::Float + Into<f64> + Copy>(value: F) -> Cell<'static> {
    let wide: f64 = value.into();
    if wide.is_nan() {
        Cell::NotANumber("NaN")
    } else if wide.is_infinite() {
        Cell::NotANumber(if wide > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        Cell::Number(ryu::Buffer::new().format_finite(value).to_owned())
    }
}

/// Appends a value as JSON: every field of a row and every key of a map is written, null included;
/// what is no number is a string.
pub fn append_json(array: &ArrayRef, row: usize, out: &mut Vec<u8>) {
    match cell(array, row) {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Boolean(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        Cell::Number(text) => out.extend_from_slice(text.as_bytes()),
        Cell::NotANumber(text) => append_json_text(text, out),
        Cell::Text(text) => append_json_text(&text, out),
        Cell::List(values) => {
            out.push(b'[');
            for index in 0..values.len() {
                separate(index, out);
                append_json(&values, index, out);
            }
            out.push(b']');
        }
        Cell::Map(keys, values) => {
            out.push(b'{');
            for index in 0..keys.len() {
                separate(index, out);
                append_json_key(&keys, index, out);
                append_json(&values, index, out);
            }
            out.push(b'}');
        }
        Cell::Struct(fields) => {
            out.push(b'{');
            for (index, (name, values)) in fields.into_iter().enumerate() {
                separate(index, out);
                append_json_text(name, out);
                out.push(b':');
                append_json(values, row, out);
            }
            out.push(b'}');
        }
    }
}

/// A name within a JSON object has to be a string, whatever the type of the map's keys.
fn append_json_key(keys: &ArrayRef, index: usize, out: &mut Vec<u8>) {
    if let Cell::Text(text) = cell(keys, index) {
        append_json_text(&text, out);
    } else {
        let mut key = Vec::new();
        append_json(keys, index, &mut key);
        append_json_text(&String::from_utf8_lossy(&key), out);
    }
    out.push(b':');
}

/// Appends a JSON string.
pub fn append_json_text(text: &str, out: &mut Vec<u8>) {
    // Writing to memory and serializing text: neither can fail.
    let _ = serde_json::to_writer(&mut *out, text);
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

/// Appends a value for people and for CSV: scalars as they are, whatever is nested as JSON.
pub fn append_plain(array: &ArrayRef, row: usize, out: &mut Vec<u8>) {
    match cell(array, row) {
        Cell::Null => {}
        Cell::Number(text) => out.extend_from_slice(text.as_bytes()),
        Cell::NotANumber(text) => out.extend_from_slice(text.as_bytes()),
        Cell::Text(text) => out.extend_from_slice(text.as_bytes()),
        Cell::Boolean(value) => {
            let _ = write!(out, "{value}");
        }
        Cell::List(_) | Cell::Map(..) | Cell::Struct(_) => append_json(array, row, out),
    }
}
