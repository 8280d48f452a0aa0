//! INFO keys that no header of a version declares, where the other version has a column for them:
//! their values stand among the texts of `info_other`, and go to that column here.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, ListArray, ListBuilder,
    MapArray, StringArray, StringBuilder, UInt32Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{cast, interleave, take};
use arrow::datatypes::{DataType, Float64Type, Int64Type};

use super::types::internal;
use crate::model::{Error, Result};
use crate::read::number;

/// The texts of `info_other`, and the columns that have their values.
pub struct Undeclared {
    texts: usize,
    columns: HashMap<String, usize>,
}

impl Undeclared {
    /// The place of `info_other` among the columns, and that of the column of each key.
    pub fn new(texts: usize, columns: HashMap<String, usize>) -> Self {
        Self { texts, columns }
    }

    /// Puts each text whose key has a column into it, where it is empty in that row and takes the
    /// text: as an import does where the header declares the key.
    pub fn lift(&self, columns: &mut [ArrayRef]) -> Result<()> {
        let Some((map, texts)) = texts_of(&columns[self.texts]) else { return Ok(()) };
        let mut stay = vec![true; map.entries().len()];
        for (column, entries) in self.entries(&map) {
            let texts: Vec<&str> = entries.iter().map(|it| texts.value(it.entry)).collect();
            let Some(values) = values(&texts, columns[column].data_type())? else { continue };
            let column = &mut columns[column];
            let mut rows: Vec<(usize, usize)> = (0..column.len()).map(|it| (0, it)).collect();
            for (place, it) in entries.iter().enumerate() {
                if values.is_valid(place) && is_empty(column, it.row) {
                    rows[it.row] = (1, place);
                    // That of a flag is kept beside it.
                    let is_kept = !is_no_text(texts[place]) && column.as_boolean_opt().is_some();
                    stay[it.entry] = is_kept;
                }
            }
            *column = interleave(&[column.as_ref(), values.as_ref()], &rows).map_err(internal)?;
        }
        if stay.contains(&false) {
            columns[self.texts] = those_that(&stay, &map)?;
        }
        Ok(())
    }

    /// The entries whose keys have a column, by the column.
    fn entries(&self, map: &MapArray) -> BTreeMap<usize, Vec<OtherText>> {
        let mut found: BTreeMap<usize, Vec<OtherText>> = BTreeMap::new();
        let Some(keys) = map.keys().as_string_opt::<i32>() else { return found };
        for row in (0..map.len()).filter(|it| map.is_valid(*it)) {
            for entry in entries_of(map, row) {
                if let Some(column) = self.columns.get(keys.value(entry)) {
                    found.entry(*column).or_default().push(OtherText { row, entry });
                }
            }
        }
        found
    }
}

/// An entry of a map.
struct OtherText {
    row: usize,
    entry: usize,
}

/// The map and the texts in it, where there are any.
fn texts_of(column: &ArrayRef) -> Option<(MapArray, StringArray)> {
    let map = column.as_map_opt().filter(|it| !it.entries().is_empty())?;
    Some((map.clone(), map.values().as_string_opt()?.clone()))
}

fn entries_of(map: &MapArray, row: usize) -> Range<usize> {
    let place = |it: i32| usize::try_from(it).unwrap_or_default();
    place(map.value_offsets()[row])..place(map.value_offsets()[row + 1])
}

/// Whether a row has no value; a flag that is not set is none.
fn is_empty(column: &ArrayRef, row: usize) -> bool {
    column.is_null(row) || column.as_boolean_opt().is_some_and(|it| !it.value(row))
}

/// Texts as values of a type, null where they are none of it; nothing for other types than those of
/// INFO.
fn values(texts: &[&str], of_type: &DataType) -> Result<Option<ArrayRef>> {
    let texts = texts.iter().copied();
    let array: ArrayRef = match of_type {
        DataType::Int64 => Arc::new(texts.map(integer).collect::<Int64Array>()),
        DataType::Float64 => Arc::new(texts.map(float).collect::<Float64Array>()),
        DataType::Utf8 => Arc::new(texts.map(text).collect::<StringArray>()),
        DataType::Boolean => {
            // As an import has it, any value but this sets a flag.
            let flag = |it: &str| (it != "0").then_some(true);
            Arc::new(texts.map(flag).collect::<BooleanArray>())
        }
        DataType::List(field) => match field.data_type() {
            DataType::Int64 => {
                let lists = texts.map(|it| list(it, integer));
                Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists))
            }
            DataType::Float64 => {
                let lists = texts.map(|it| list(it, float));
                Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(lists))
            }
            DataType::Utf8 => {
                let mut lists = ListBuilder::new(StringBuilder::new());
                for it in texts {
                    lists.append_option(list(it, text));
                }
                Arc::new(lists.finish())
            }
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    cast(&array, of_type).map(Some).map_err(internal)
}

fn integer(text: &str) -> Option<i64> {
    number::long(text.as_bytes()).filter(|it| it.1 == text.len()).map(|it| it.0)
}

fn float(text: &str) -> Option<f64> {
    number::float(text.as_bytes()).filter(|it| it.1 == text.len()).map(|it| it.0)
}

fn text(text: &str) -> Option<&str> {
    Some(text).filter(|it| !is_no_text(it))
}

fn is_no_text(text: &str) -> bool {
    matches!(text, "" | ".")
}

/// The elements of a list; nothing where one is no value.
fn list<'a, T>(text: &'a str, value: fn(&'a str) -> Option<T>) -> Option<Vec<Option<T>>> {
    text.split(',').map(|it| if it == "." { Some(None) } else { value(it).map(Some) }).collect()
}

/// The map without the other entries; a row that has none left is null.
fn those_that(stay: &[bool], map: &MapArray) -> Result<ArrayRef> {
    let (mut entries, mut lengths) = (Vec::new(), Vec::with_capacity(map.len()));
    let mut is_valid = Vec::with_capacity(map.len());
    for row in 0..map.len() {
        let before = entries.len();
        let all = entries_of(map, row);
        let was_empty = all.is_empty();
        entries.extend(all.filter(|it| stay[*it]));
        lengths.push(entries.len() - before);
        is_valid.push(map.is_valid(row) && (was_empty || entries.len() > before));
    }
    let entries: UInt32Array =
        entries.into_iter().map(|it| u32::try_from(it).unwrap_or(u32::MAX)).collect();
    let entries = take(map.entries(), &entries, None).map_err(internal)?.as_struct().clone();
    let DataType::Map(field, is_ordered) = map.data_type() else {
        return Err(Error::internal("a map is of another type"));
    };
    let (offsets, nulls) = (OffsetBuffer::from_lengths(lengths), NullBuffer::from(is_valid));
    let map = MapArray::try_new(Arc::clone(field), offsets, entries, Some(nulls), *is_ordered);
    Ok(Arc::new(map.map_err(internal)?))
}

#[cfg(test)]
mod tests {
    use arrow::array::{MapBuilder, MapFieldNames, StringBuilder};

    use super::*;

    fn texts(rows: &[&[(&str, &str)]]) -> ArrayRef {
        let names = MapFieldNames::default();
        let mut map = MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new());
        for row in rows {
            for (key, value) in *row {
                map.keys().append_value(key);
                map.values().append_value(value);
            }
            map.append(!row.is_empty()).unwrap();
        }
        Arc::new(map.finish())
    }

    #[test]
    fn texts_go_to_the_columns_that_take_them() {
        let columns = ["N", "F", "T", "L"].into_iter().zip(1..).map(|it| (it.0.to_owned(), it.1));
        let of = Undeclared::new(0, columns.collect());
        let mut all: Vec<ArrayRef> = vec![
            texts(&[
                &[("N", "7"), ("X", "x"), ("F", "."), ("L", "0.5,.")],
                &[],
                &[("N", "7.5"), ("T", ".")],
                &[("N", "8"), ("T", "a,b"), ("L", "0.5,x"), ("F", "1")],
            ]),
            Arc::new(Int64Array::from(vec![None, None, None, Some(9)])),
            Arc::new(BooleanArray::from(vec![false; 4])),
            Arc::new(StringArray::from(vec![None::<&str>; 4])),
            Arc::new(ListArray::from_iter_primitive::<Float64Type, Vec<_>, _>(vec![None; 4])),
        ];
        of.lift(&mut all).unwrap();
        let expected = texts(&[
            &[("X", "x")],
            &[],
            &[("N", "7.5"), ("T", ".")],
            &[("N", "8"), ("L", "0.5,x"), ("F", "1")],
        ]);
        assert_eq!(&all[0], &expected);
        let expected: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None, None, Some(9)]));
        assert_eq!(&all[1], &expected);
        assert_eq!(all[2].as_boolean(), &BooleanArray::from(vec![true, false, false, true]));
        let expected = StringArray::from(vec![None, None, None, Some("a,b")]);
        assert_eq!(all[3].as_string::<i32>(), &expected);
        let half = Some(vec![Some(0.5), None]);
        let lists = [half, None, None, None];
        let expected = ListArray::from_iter_primitive::<Float64Type, _, _>(lists);
        assert_eq!(all[4].as_list::<i32>(), &expected);
    }
}
