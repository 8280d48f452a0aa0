//! Values as bytes that are equal, and in order, where the values are.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, MapArray, StructArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Fields};
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::Result;

use crate::query::maps::entries;
use crate::query::nan::{Nan, placed};

/// A row for each value. Null is equal to null and below all else, NaN is equal to NaN and above
/// all numbers, maps with the same entries are equal.
pub fn keys(values: &ArrayRef) -> Result<Rows> {
    keys_with(values, Nan::Highest)
}

/// The same, with NaN at this place.
pub fn keys_with(values: &ArrayRef, nan: Nan) -> Result<Rows> {
    let values = comparable(&placed(values, nan)?)?;
    let converter = RowConverter::new(vec![SortField::new(values.data_type().clone())])?;
    Ok(converter.convert_columns(&[values])?)
}

/// The values with lists of entries, ordered by key, in the place of maps.
fn comparable(values: &ArrayRef) -> Result<ArrayRef> {
    if !has_maps(values.data_type()) {
        return Ok(Arc::clone(values));
    }
    Ok(match values.data_type() {
        DataType::Map(..) => Arc::new(ordered(values.as_map())?),
        DataType::List(_) => {
            let (_, offsets, inner, nulls) = values.as_list::<i32>().clone().into_parts();
            let inner = comparable(&inner)?;
            let field = Arc::new(Field::new_list_field(inner.data_type().clone(), true));
            Arc::new(ListArray::try_new(field, offsets, inner, nulls)?)
        }
        DataType::Struct(_) => {
            let members = values.as_struct();
            let columns = members.columns().iter().map(comparable).collect::<Result<Vec<_>>>()?;
            let named = members.fields().iter().zip(&columns);
            let fields: Fields = named
                .map(|(field, it)| Field::new(field.name(), it.data_type().clone(), true))
                .collect();
            Arc::new(StructArray::try_new(fields, columns, members.nulls().cloned())?)
        }
        _ => Arc::clone(values),
    })
}

fn has_maps(data_type: &DataType) -> bool {
    match data_type {
        DataType::Map(..) => true,
        DataType::List(field) => has_maps(field.data_type()),
        DataType::Struct(fields) => fields.iter().any(|it| has_maps(it.data_type())),
        _ => false,
    }
}

fn ordered(map: &MapArray) -> Result<ListArray> {
    let by_key = keys(map.keys())?;
    let (mut order, mut lengths) = (Vec::new(), Vec::new());
    for row in 0..map.len() {
        let mut of_row: Vec<usize> = entries(map, row).collect();
        of_row.sort_by(|left, right| by_key.row(*left).cmp(&by_key.row(*right)));
        lengths.push(of_row.len());
        order.extend(of_row.into_iter().map(|it| u32::try_from(it).unwrap_or_default()));
    }
    let order = UInt32Array::from(order);
    let columns = vec![
        comparable(&take(map.keys(), &order, None)?)?,
        comparable(&take(map.values(), &order, None)?)?,
    ];
    let names = ["key", "value"].into_iter().zip(&columns);
    let fields: Fields =
        names.map(|(name, it)| Field::new(name, it.data_type().clone(), true)).collect();
    let entries = StructArray::try_new(fields, columns, None)?;
    let field = Arc::new(Field::new_list_field(entries.data_type().clone(), true));
    let offsets = arrow::buffer::OffsetBuffer::from_lengths(lengths);
    Ok(ListArray::try_new(field, offsets, Arc::new(entries), map.nulls().cloned())?)
}
