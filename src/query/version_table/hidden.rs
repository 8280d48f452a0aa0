//! The hidden columns of tables that read files: they stand behind all others, the path last.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::scalar::ScalarValue;

use crate::write::schema::record_number;

/// The names under which a table has hidden columns in a statement; none of those that it has not.
#[derive(Debug, Default)]
pub struct Hidden {
    /// The number of a row's record.
    pub record: Option<String>,
    /// The path of the file that a row is read from.
    pub path: Option<String>,
}

impl Hidden {
    /// The columns with the hidden ones behind them.
    pub fn behind(&self, schema: &SchemaRef) -> SchemaRef {
        let record = self.record.iter().map(|it| record_number().as_ref().clone().with_name(it));
        let path = self.path.iter().map(|it| Field::new(it, DataType::Utf8, false));
        let hidden = record.chain(path).map(Arc::new);
        Arc::new(Schema::new(schema.fields().iter().cloned().chain(hidden).collect::<Vec<_>>()))
    }
}

/// The columns of a table as its files have them, of which the last may be the path.
pub fn columns_of(schema: &SchemaRef, has_path: bool) -> TableSchema {
    let count = schema.fields().len() - usize::from(has_path);
    let (of_files, path) = schema.fields().split_at(count);
    TableSchema::builder(Arc::new(Schema::new(of_files.to_vec())))
        .with_table_partition_cols(path.to_vec())
        .build()
}

/// A file that knows its path as the value of that column.
pub fn with_path(file: PartitionedFile, path: String) -> PartitionedFile {
    file.with_partition_values(vec![ScalarValue::Utf8(Some(path))])
}
