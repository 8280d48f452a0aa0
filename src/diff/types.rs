//! One type for a column that has another in each version, as where a header changed.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};

use crate::model::{Error, Result};

/// A type that has the values of both: numbers as the wider ones, one value as a list of one, and
/// anything else as text.
pub fn common_type(one: &DataType, other: &DataType) -> DataType {
    let list = |element| DataType::List(Arc::new(Field::new_list_field(element, true)));
    match (one, other) {
        (one, other) if one == other => one.clone(),
        (DataType::List(one), DataType::List(other)) => {
            list(common_type(one.data_type(), other.data_type()))
        }
        (DataType::List(element), single) | (single, DataType::List(element)) => {
            list(common_type(element.data_type(), single))
        }
        (one, other) if one.is_integer() && other.is_integer() => DataType::Int64,
        (one, other) if one.is_numeric() && other.is_numeric() => DataType::Float64,
        _ => DataType::Utf8,
    }
}

/// The values of a column in a type that [`common_type`] has found.
pub fn in_type(array: &ArrayRef, data_type: &DataType) -> Result<ArrayRef> {
    match (array.data_type(), data_type) {
        (own, wanted) if own == wanted => Ok(Arc::clone(array)),
        (own, DataType::List(element)) if !matches!(own, DataType::List(_)) => {
            let values = cast(array, element.data_type()).map_err(internal)?;
            let each = OffsetBuffer::from_repeated_length(1, array.len());
            let nulls = values.nulls().cloned();
            let list = ListArray::try_new(Arc::clone(element), each, values, nulls);
            Ok(Arc::new(list.map_err(internal)?))
        }
        _ => cast(array, data_type).map_err(internal),
    }
}

/// A failure of Arrow, which is none of the person's.
pub fn internal(error: arrow::error::ArrowError) -> Error {
    Error::internal("the versions cannot be compared").with_source(error)
}
