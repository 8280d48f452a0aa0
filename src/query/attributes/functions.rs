//! The functions behind `attributes`: the whole map of a row, or the text of one INFO column.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, AsArray, MapArray, StringArray, StringBuilder, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, exec_err, internal_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF};

use super::text::TextColumn;
use crate::query::maps::{entries, map_entry};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::write::schema::INFO_KEY;

/// `vcf_attributes([info,] info_other)`: the map that the service calls `attributes`. Keys in the
/// order of the struct's fields, wherever their text is kept, then the other keys of `info_other`.
/// A key that has both is a flag with a value: its text is the one in `info_other`. Each key comes
/// once, also where a file of an earlier program has it twice in `info_other`: the last one holds.
pub static ATTRIBUTES: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    static FUNCTION: ScalarFunction = ScalarFunction {
        name: "vcf_attributes",
        arguments: |types| Ok(types.to_vec()),
        result: |_| Ok(attributes_type()),
        call: attributes,
    };
    FUNCTION.udf()
});

/// `vcf_text(column [, info_other, key])`: the text of the key in `info_other`; where that has
/// none, the text of the INFO column.
pub static TEXT: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    static FUNCTION: ScalarFunction = ScalarFunction {
        name: "vcf_text",
        arguments: |types| Ok(types.to_vec()),
        result: |_| Ok(DataType::Utf8),
        call: text,
    };
    FUNCTION.udf()
});

/// The type of `attributes`: a map from text to text.
pub fn attributes_type() -> DataType {
    DataType::Map(Arc::new(Field::new("key_value", DataType::Struct(entry_fields()), false)), false)
}

fn entry_fields() -> Fields {
    Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, true),
    ])
}

fn attributes(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let rows = args.number_rows;
    let map = match arrays(args)?.as_slice() {
        [other] => build(None, other.as_map(), rows)?,
        [info, other] => build(Some(info.as_struct()), other.as_map(), rows)?,
        _ => return internal_err!("vcf_attributes takes one or two columns"),
    };
    Ok(Arc::new(map))
}

fn build(info: Option<&StructArray>, other: &MapArray, rows: usize) -> Result<MapArray> {
    let columns = info.map(named_columns).transpose()?.unwrap_or_default();
    let mut others = Others::new(&columns);
    let mut keys = StringBuilder::new();
    let mut values = StringBuilder::new();
    let mut lengths = Vec::with_capacity(rows);
    let (other_keys, other_values) = (other.keys().as_string::<i32>(), other.values());
    let other_values = other_values.as_string::<i32>();
    let mut text = String::new();
    for row in 0..rows {
        let before = keys.len();
        // A null struct has no values, whatever its children hold beneath the null.
        let has_info = info.is_some_and(|it| it.is_valid(row));
        let others = others.of_row(row, other_keys, entries(other, row));
        let mut others = others.iter().peekable();
        if has_info || others.peek().is_some() {
            for (place, (key, column)) in columns.iter().enumerate() {
                text.clear();
                if let Some((_, entry)) = others.next_if(|(of, _)| *of == place) {
                    keys.append_value(key);
                    values.append_option(text_at(other_values, *entry));
                } else if has_info && column.append(row, &mut text) {
                    keys.append_value(key);
                    values.append_value(&text);
                }
            }
        }
        for (_, entry) in others {
            keys.append_value(other_keys.value(*entry));
            values.append_option(text_at(other_values, *entry));
        }
        lengths.push(keys.len() - before);
    }
    let columns: Vec<ArrayRef> = vec![Arc::new(keys.finish()), Arc::new(values.finish())];
    let entries = StructArray::try_new(entry_fields(), columns, None)?;
    let DataType::Map(field, _) = attributes_type() else { return internal_err!("not a map") };
    Ok(MapArray::try_new(field, OffsetBuffer::from_lengths(lengths), entries, None, false)?)
}

fn text_at(values: &StringArray, index: usize) -> Option<&str> {
    values.is_valid(index).then(|| values.value(index))
}

/// Finds the places of the keys of `info_other` among the columns of `info`.
struct Others<'a> {
    columns: &'a [(&'a str, TextColumn<'a>)],
    /// A number for each key: its place among the columns, or one behind them. Made for the first
    /// row that has something in `info_other`, since most files have no such row.
    numbers: HashMap<&'a str, usize>,
    /// One more than the last row that had the key of a number.
    rows: Vec<usize>,
    /// Place and entry of what the row at hand has there.
    found: Vec<(usize, usize)>,
}

impl<'a> Others<'a> {
    fn new(columns: &'a [(&'a str, TextColumn<'a>)]) -> Self {
        Self { columns, numbers: HashMap::new(), rows: Vec::new(), found: Vec::new() }
    }

    /// The entries of a row in the order of the columns, each with the place of its column; those
    /// of no column last, as they come. Of each key the last one.
    fn of_row(
        &mut self,
        row: usize,
        keys: &'a StringArray,
        entries: Range<usize>,
    ) -> &[(usize, usize)] {
        self.found.clear();
        if entries.is_empty() {
            return &self.found;
        }
        if self.numbers.is_empty() {
            self.numbers.extend(self.columns.iter().enumerate().map(|(at, (key, _))| (*key, at)));
        }
        for entry in entries.rev() {
            let next = self.numbers.len();
            let number = *self.numbers.entry(keys.value(entry)).or_insert(next);
            if number >= self.rows.len() {
                self.rows.resize(self.numbers.len(), 0);
            }
            if std::mem::replace(&mut self.rows[number], row + 1) != row + 1 {
                self.found.push((number.min(self.columns.len()), entry));
            }
        }
        self.found.sort_unstable();
        &self.found
    }
}

fn named_columns(info: &StructArray) -> Result<Vec<(&str, TextColumn<'_>)>> {
    let fields = info.fields().iter().zip(info.columns());
    fields.map(|(field, column)| Ok((header_key(field), TextColumn::new(column)?))).collect()
}

/// The key as the header spells it.
pub fn header_key(field: &FieldRef) -> &str {
    field.metadata().get(INFO_KEY).map_or(field.name().as_str(), String::as_str)
}

fn text(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let rows = args.number_rows;
    let Some((column, fallback)) = args.args.split_first() else {
        return internal_err!("vcf_text takes a column");
    };
    let column = column.to_array_of_size(rows)?;
    let text = match fallback {
        [] => column_text(&column, None)?,
        [other, ColumnarValue::Scalar(key)] => {
            let Some(Some(key)) = key.try_as_str() else {
                return exec_err!("the key of an INFO value is text");
            };
            column_text(&column, Some((other.to_array_of_size(rows)?.as_map(), key)))?
        }
        _ => return internal_err!("vcf_text takes a column, or a column, a map and a key"),
    };
    Ok(Arc::new(text))
}

fn column_text(array: &ArrayRef, other: Option<(&MapArray, &str)>) -> Result<StringArray> {
    let column = TextColumn::new(array)?;
    let mut out = StringBuilder::with_capacity(array.len(), array.len() * 8);
    let mut text = String::new();
    for row in 0..array.len() {
        text.clear();
        if let Some(other) = other.and_then(|(map, key)| map_entry(map, row, key)) {
            out.append_value(other);
        } else if column.append(row, &mut text) {
            out.append_value(&text);
        } else {
            out.append_null();
        }
    }
    Ok(out.finish())
}
