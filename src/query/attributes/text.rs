//! INFO values as a VCF spells them: what the service keeps in `attributes`, made from the typed
//! columns.

use std::fmt::Write as _;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, ListArray, StringArray,
};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, internal_err};

/// One INFO column, downcast once, so that a value prints without a look at its type.
pub struct TextColumn<'a> {
    scalar: Scalar<'a>,
    list: Option<&'a ListArray>,
}

enum Scalar<'a> {
    Integer(&'a Int64Array),
    Float(&'a Float64Array),
    Text(&'a StringArray),
    Flag(&'a BooleanArray),
}

impl<'a> TextColumn<'a> {
    /// A column of one of the types that `write::schema::info_field` makes.
    pub fn new(array: &'a ArrayRef) -> Result<Self> {
        match array.as_list_opt::<i32>() {
            Some(list) => Ok(Self { scalar: Scalar::new(list.values())?, list: Some(list) }),
            None => Ok(Self { scalar: Scalar::new(array)?, list: None }),
        }
    }

    /// Appends the text of a row; false, and nothing, where the row has no value. A flag that is
    /// set is the empty text.
    pub fn append(&self, row: usize, out: &mut String) -> bool {
        let Some(list) = self.list else { return self.scalar.append(row, out) };
        if list.is_null(row) {
            return false;
        }
        let offsets = list.value_offsets();
        // Offsets of a valid list are neither negative nor beyond the address space.
        let ends = (usize::try_from(offsets[row]), usize::try_from(offsets[row + 1]));
        let (Ok(first), Ok(end)) = ends else { return false };
        for index in first..end {
            if index > first {
                out.push(',');
            }
            if !self.scalar.append(index, out) {
                out.push('.');
            }
        }
        true
    }
}

impl<'a> Scalar<'a> {
    fn new(array: &'a ArrayRef) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Int64 => Self::Integer(array.as_primitive::<Int64Type>()),
            DataType::Float64 => Self::Float(array.as_primitive::<Float64Type>()),
            DataType::Utf8 => Self::Text(array.as_string::<i32>()),
            DataType::Boolean => Self::Flag(array.as_boolean()),
            other => return internal_err!("an INFO column of type {other}"),
        })
    }

    fn append(&self, row: usize, out: &mut String) -> bool {
        match self {
            Self::Integer(array) if array.is_valid(row) => {
                out.push_str(itoa::Buffer::new().format(array.value(row)));
            }
            Self::Float(array) if array.is_valid(row) => append_float(array.value(row), out),
            Self::Text(array) if array.is_valid(row) => out.push_str(array.value(row)),
            Self::Flag(array) => return array.is_valid(row) && array.value(row),
            _ => return false,
        }
        true
    }
}

/// The shortest text that reads back to the same number: `1`, `0.5`, `6.5877e-6`, `NaN`,
/// `Infinity`.
pub fn append_float(value: f64, out: &mut String) {
    if value.is_finite() {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value);
        out.push_str(text.strip_suffix(".0").unwrap_or(text));
    } else if value.is_nan() {
        out.push_str("NaN");
    } else {
        let _ = write!(out, "{}Infinity", if value < 0.0 { "-" } else { "" });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Builder, ListBuilder};

    use super::*;

    fn texts(array: impl Array + 'static) -> Vec<Option<String>> {
        let array: ArrayRef = Arc::new(array);
        let column = TextColumn::new(&array).unwrap();
        (0..array.len())
            .map(|row| {
                let mut out = String::new();
                column.append(row, &mut out).then_some(out)
            })
            .collect()
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let values = [6.587_70e-6, 1.0, 0.5, -0.0, 1e16, f64::NAN, f64::NEG_INFINITY, 5e-324];
        let text = texts(Float64Array::from(values.to_vec()));
        let text: Vec<_> = text.iter().map(|it| it.as_deref().unwrap()).collect();
        assert_eq!(text, ["6.5877e-6", "1", "0.5", "-0", "1e16", "NaN", "-Infinity", "5e-324"]);
    }

    #[test]
    fn a_flag_is_empty_text_and_an_absent_value_is_none() {
        let flags = BooleanArray::from(vec![Some(true), Some(false), None]);
        assert_eq!(texts(flags), [Some(String::new()), None, None]);
        let numbers = Int64Array::from(vec![Some(-7), None]);
        assert_eq!(texts(numbers), [Some("-7".to_owned()), None]);
    }

    #[test]
    fn a_missing_element_of_a_list_is_a_dot() {
        let mut lists = ListBuilder::new(Float64Builder::new());
        lists.append_value([Some(0.25), None, Some(3.0)]);
        lists.append_null();
        lists.append_value([None]);
        let text = texts(lists.finish());
        assert_eq!(text, [Some("0.25,.,3".to_owned()), None, Some(".".to_owned())]);
    }
}
