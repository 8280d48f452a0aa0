//! Finished columns, and what they have in common.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray};
use arrow::datatypes::{DataType, Schema};

use super::offsets::Offsets;
use crate::model::{Error, Result};
use crate::write::shared::Nulls;

/// Columns under way, in the order of the schema.
pub struct Arrays<'s> {
    schema: &'s Schema,
    nulls: &'s Nulls,
    columns: Vec<ArrayRef>,
}

impl<'s> Arrays<'s> {
    /// No columns yet.
    pub fn new(schema: &'s Schema, nulls: &'s Nulls) -> Self {
        Self { schema, nulls, columns: Vec::with_capacity(schema.fields().len()) }
    }

    /// Adds a column.
    pub fn push(&mut self, array: ArrayRef) {
        self.columns.push(array);
    }

    /// Adds a column that is null.
    pub fn push_nulls(&mut self, rows: usize) {
        self.push(self.nulls.rows(self.columns.len(), rows));
    }

    /// The type of the column that comes next.
    pub fn next_type(&self) -> &'s DataType {
        self.schema.field(self.columns.len().min(self.schema.fields().len() - 1)).data_type()
    }

    /// The columns.
    pub fn finish(self) -> Vec<ArrayRef> {
        self.columns
    }
}

/// An array of `rows` lists, with the element field of their type.
pub fn list_array(
    offsets: Offsets,
    rows: usize,
    values: ArrayRef,
    list: &DataType,
) -> Result<ArrayRef> {
    let DataType::List(element) = list else { return Err(not_the_type("list", list)) };
    let (offsets, nulls) = offsets.finish(rows, values.len())?;
    let array = ListArray::try_new(Arc::clone(element), offsets, values, nulls)
        .map_err(|error| Error::internal("a list column is not sound").with_source(error))?;
    Ok(Arc::new(array))
}

/// The error where schema and columns do not agree.
pub fn not_the_type(expected: &str, found: &DataType) -> Error {
    Error::internal(format!("the schema has {found} where a {expected} is built"))
}
