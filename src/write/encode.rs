//! A row group becomes encoded column chunks, each column on whatever thread is free.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StructArray, UInt32Array};
use arrow::compute::{concat, take};
use arrow::datatypes::{ArrowNativeType, DataType, Field, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use crate::model::{Error, Result};

/// Columns whose minimum and maximum of each page are kept, for pruning.
const WITH_STATISTICS: [&str; 6] =
    ["contigname", "seqid", "start", "end", "importjobid", "sampleid"];
/// Columns that have few different values whatever the file.
const WITH_DICTIONARY: [&str; 7] = [
    "importjobid",
    "contigname",
    "referenceallele",
    "filters.list.element",
    "sampleid",
    "information.key_value.key",
    "info_other.key_value.key",
];
/// Values that are looked at to tell whether a dictionary pays.
const SAMPLED: usize = 2048;

/// How a file with these first rows is written.
pub fn properties(schema: &SchemaRef, first: &[RecordBatch]) -> Result<WriterProperties> {
    let level = ZstdLevel::try_new(1)
        .map_err(|error| Error::internal("no such compression level").with_source(error))?;
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("annostore ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None);
    for name in WITH_STATISTICS {
        builder =
            builder.set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::Page);
    }
    for path in WITH_DICTIONARY {
        builder = builder.set_column_dictionary_enabled(column_path(path), true);
    }
    if let Some((index, field)) =
        schema.fields().iter().enumerate().find(|(_, it)| it.name() == "info")
        && let DataType::Struct(fields) = field.data_type()
    {
        for (child, field) in fields.iter().enumerate() {
            builder = info_dictionary(
                builder,
                field,
                first.iter().map(|it| it.column(index).as_struct().column(child)),
            );
        }
    }
    Ok(builder.build())
}

fn column_path(path: &str) -> ColumnPath {
    ColumnPath::new(path.split('.').map(str::to_owned).collect())
}

/// Turns the dictionary on for a text column of INFO whose first values repeat.
fn info_dictionary<'a>(
    builder: WriterPropertiesBuilder,
    field: &Field,
    arrays: impl Iterator<Item = &'a ArrayRef>,
) -> WriterPropertiesBuilder {
    let mut path = vec!["info".to_owned(), field.name().clone()];
    if let DataType::List(_) = field.data_type() {
        path.extend(["list".to_owned(), "element".to_owned()]);
    }
    let (mut seen, mut distinct) = (0, HashSet::new());
    for array in arrays {
        let (values, range) = elements(array);
        let Some(texts) = values.as_string_opt::<i32>() else { return builder };
        let present = range.filter(|it| texts.is_valid(*it)).map(|it| texts.value(it));
        for text in present.take(SAMPLED - seen) {
            seen += 1;
            distinct.insert(text);
        }
        if seen >= SAMPLED {
            break;
        }
    }
    if distinct.len() * 4 > seen {
        builder
    } else {
        builder.set_column_dictionary_enabled(ColumnPath::new(path), true)
    }
}

/// The values of these rows, or the elements of their lists, and which of them belong to these rows. A batch may be a slice of a
/// larger one: its lists share the elements of the rows around it, and how many those are depends on the size of a chunk.
fn elements(array: &ArrayRef) -> (&ArrayRef, Range<usize>) {
    let Some(lists) = array.as_list_opt::<i32>() else { return (array, 0..array.len()) };
    let offsets = lists.value_offsets();
    (lists.values(), offsets[0].as_usize()..offsets[lists.len()].as_usize())
}

/// A column that is encoded on its own: one of the table, or one field of a struct with many.
struct Task {
    column: usize,
    /// The field of the struct, where the column is one that is taken apart.
    child: Option<usize>,
    field: Arc<Field>,
    writers: Vec<ArrowColumnWriter>,
}

/// Encodes the rows of a group, sorted first where a permutation is given.
///
/// Each column is put together whole before it is encoded: pages would otherwise end where batches do, and the file would
/// tell how it was made.
pub fn encode(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    permutation: Option<&UInt32Array>,
    writers: Vec<ArrowColumnWriter>,
) -> Result<Vec<ArrowColumnChunk>> {
    let tasks = tasks(schema, writers);
    let chunks: Result<Vec<Vec<ArrowColumnChunk>>> = tasks
        .into_par_iter()
        .with_max_len(1)
        .map(|task| encode_column(task, batches, permutation))
        .collect();
    Ok(chunks?.into_iter().flatten().collect())
}

fn tasks(schema: &SchemaRef, writers: Vec<ArrowColumnWriter>) -> Vec<Task> {
    let mut writers = writers.into_iter();
    let mut tasks = Vec::new();
    for (column, field) in schema.fields().iter().enumerate() {
        match field.data_type() {
            DataType::Struct(children) if field.name() == "info" => {
                for (child, inner) in children.iter().enumerate() {
                    let alone = Field::new(
                        field.name(),
                        DataType::Struct(vec![Arc::clone(inner)].into()),
                        field.is_nullable(),
                    );
                    let writers = writers.by_ref().take(leaves(inner.data_type())).collect();
                    tasks.push(Task {
                        column,
                        child: Some(child),
                        field: Arc::new(alone),
                        writers,
                    });
                }
            }
            other => {
                let writers = writers.by_ref().take(leaves(other)).collect();
                tasks.push(Task { column, child: None, field: Arc::clone(field), writers });
            }
        }
    }
    tasks
}

/// How many Parquet columns a type takes.
fn leaves(data_type: &DataType) -> usize {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|it| leaves(it.data_type())).sum(),
        DataType::List(element) | DataType::Map(element, _) => leaves(element.data_type()),
        _ => 1,
    }
}

fn encode_column(
    task: Task,
    batches: &[RecordBatch],
    permutation: Option<&UInt32Array>,
) -> Result<Vec<ArrowColumnChunk>> {
    let parts: Vec<&dyn Array> = batches
        .iter()
        .map(|batch| {
            let column = batch.column(task.column);
            task.child.map_or(column, |child| column.as_struct().column(child)).as_ref()
        })
        .collect();
    let mut array = concat(&parts).map_err(unsound)?;
    if let Some(permutation) = permutation {
        array = take(&array, permutation, None).map_err(unsound)?;
    }
    if let DataType::Struct(fields) = task.field.data_type()
        && task.child.is_some()
    {
        array = Arc::new(StructArray::try_new(fields.clone(), vec![array], None).map_err(unsound)?);
    }
    let leaves = compute_leaves(&task.field, &array).map_err(unencodable)?;
    task.writers
        .into_iter()
        .zip(leaves)
        .map(|(mut writer, leaf)| {
            writer.write(&leaf).map_err(unencodable)?;
            writer.close().map_err(unencodable)
        })
        .collect()
}

fn unsound(error: arrow::error::ArrowError) -> Error {
    Error::internal("the columns of a row group do not fit together").with_source(error)
}

fn unencodable(error: parquet::errors::ParquetError) -> Error {
    Error::internal("a column cannot be encoded").with_source(error)
}
