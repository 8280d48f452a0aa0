//! The columns of an answer in forms that know each by its name.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{FieldRef, Schema, SchemaRef};

use super::form::Failure;
use crate::model::Error;

/// The columns with a number behind the name of every later one of the same name: a join has
/// `start` and `start_2`.
pub fn unique_names(schema: &SchemaRef) -> SchemaRef {
    let mut fields: Vec<FieldRef> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let taken = |name: &str, fields: &[FieldRef]| fields.iter().any(|it| it.name() == name);
        if taken(field.name(), &fields) {
            let numbered = |n: u32| format!("{}_{n}", field.name());
            let all = schema.fields();
            let free = |name: &String| !taken(name, &fields) && !taken(name, all);
            let name = (2..=u32::MAX).map(numbered).find(free).unwrap_or_default();
            fields.push(Arc::new(field.as_ref().clone().with_name(name)));
        } else {
            fields.push(Arc::clone(field));
        }
    }
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// The columns of a batch under the names of `schema`.
pub fn renamed(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, Failure> {
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), batch.columns().to_vec(), &rows).map_err(
        |error| {
            Failure::Query(Error::internal("a batch does not fit the answer").with_source(error))
        },
    )
}
