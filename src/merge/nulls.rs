//! Columns that are null in all rows of a version, as most have no samples or no annotations.

use std::collections::BTreeSet;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::schema::types::SchemaDescriptor;

use super::files::OpenVersion;
use super::stored::StoredFile;
use crate::model::Result;

/// Bytes that the part of a null column in a row group has at most: it is nothing but levels, which
/// are the same in all rows.
const MOST_BYTES: i64 = 1 << 12;
/// Rows whose levels are read at once.
const ROWS: usize = 1 << 13;

impl OpenVersion {
    /// The columns that are null in all rows, as far as files tell without reading their values.
    pub fn null_columns(&self) -> Result<BTreeSet<String>> {
        let mut nulls: Option<BTreeSet<String>> = None;
        for file in self.files() {
            let stored = StoredFile::open(file)?;
            let kept = nulls_of(&stored, nulls.take());
            let kept = kept.map_err(|error| stored.unreadable(error))?;
            let is_empty = kept.is_empty();
            nulls = Some(kept);
            if is_empty {
                break;
            }
        }
        Ok(nulls.unwrap_or_default())
    }
}

/// The columns of a file that are null in it; of some only, where those are given.
fn nulls_of(
    file: &StoredFile,
    of: Option<BTreeSet<String>>,
) -> Result<BTreeSet<String>, ParquetError> {
    let reader = SerializedFileReader::new(file.clone())?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut left: BTreeSet<String> = of.unwrap_or_else(|| {
        schema.columns().iter().filter_map(|it| it.path().parts().first().cloned()).collect()
    });
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let mut null = BTreeSet::new();
        for name in left {
            if is_null(group.as_ref(), &schema, &name)? {
                null.insert(name);
            }
        }
        left = null;
    }
    Ok(left)
}

/// Whether a column is null in all rows of a group. Each value within it tells: nothing of a row
/// that is null is there.
fn is_null(
    group: &dyn RowGroupReader,
    schema: &SchemaDescriptor,
    name: &str,
) -> Result<bool, ParquetError> {
    let mut leaves = schema.columns().iter();
    let Some(leaf) = leaves.position(|it| it.path().parts().first().is_some_and(|it| it == name))
    else {
        return Ok(true);
    };
    let may_be = schema.column(leaf).max_def_level() > 0
        && group.metadata().column(leaf).uncompressed_size() <= MOST_BYTES;
    if !may_be {
        return Ok(false);
    }
    match group.get_column_reader(leaf)? {
        ColumnReader::BoolColumnReader(it) => has_nulls_only(it),
        ColumnReader::Int32ColumnReader(it) => has_nulls_only(it),
        ColumnReader::Int64ColumnReader(it) => has_nulls_only(it),
        ColumnReader::DoubleColumnReader(it) => has_nulls_only(it),
        ColumnReader::ByteArrayColumnReader(it) => has_nulls_only(it),
        _ => Ok(false),
    }
}

fn has_nulls_only<T: DataType>(mut column: ColumnReaderImpl<T>) -> Result<bool, ParquetError> {
    let (mut levels, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        levels.clear();
        repeated.clear();
        let read =
            column.read_records(ROWS, Some(&mut levels), Some(&mut repeated), &mut values)?;
        if levels.iter().any(|it| *it > 0) {
            return Ok(false);
        }
        if read.0 == 0 {
            return Ok(true);
        }
    }
}
