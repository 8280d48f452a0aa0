//! A row group becomes encoded column chunks, each column on whatever thread is free.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StructArray};
use arrow::datatypes::{ArrowNativeType, DataType, Field, FieldRef, Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterPropertiesPtr,
};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use super::constant::has_one_value;
use super::gather::{Run, together};
use super::group::MAX_ROWS;
use super::order::OrderColumns;
use super::schema::{NAME, RECORD_NUMBER};
use crate::model::{Error, Result};

/// Columns whose minimum and maximum of each page are kept, for pruning, beside the coordinates.
const WITH_STATISTICS: [&str; 2] = ["importjobid", "sampleid"];
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
/// How often a Bloom filter may say that it has a name which it has not: one row group in 20 is
/// read in vain, and a name takes 7 bits.
const WRONG: f64 = 0.05;
/// Values that are looked at to tell whether a dictionary pays.
const SAMPLED: usize = 2048;

/// How a file with these first rows is written.
pub fn properties(
    schema: &SchemaRef,
    order: Option<OrderColumns>,
    first: &[RecordBatch],
) -> Result<WriterProperties> {
    let level = ZstdLevel::try_new(1)
        .map_err(|error| Error::internal("no such compression level").with_source(error))?;
    let mut builder = WriterProperties::builder()
        // In the form that Parquet's Java library reads: of others it believes no statistics.
        .set_created_by(concat!("annostore version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None);
    let coordinates = order.iter().flat_map(|it| [it.contig, it.start, it.end]);
    let names = coordinates.map(|it| schema.field(it).name().as_str()).chain(WITH_STATISTICS);
    for name in names {
        let path = ColumnPath::new(vec![name.to_owned()]);
        builder = builder.set_column_statistics_enabled(path, EnabledStatistics::Page);
    }
    for path in WITH_DICTIONARY {
        builder = builder.set_column_dictionary_enabled(column_path(path), true);
    }
    let most = u64::try_from(MAX_ROWS).unwrap_or(u64::MAX);
    builder = builder
        .set_column_bloom_filter_fpp(column_path(NAME), WRONG)
        .set_column_bloom_filter_max_ndv(column_path(NAME), most);
    // Each is one more than the last, as a rule.
    builder =
        builder.set_column_encoding(column_path(RECORD_NUMBER), Encoding::DELTA_BINARY_PACKED);
    for (index, field) in schema.fields().iter().enumerate() {
        let arrays: Vec<&ArrayRef> = first.iter().map(|it| it.column(index)).collect();
        match field.data_type() {
            DataType::Utf8 => builder = encoding(builder, &[], field, &arrays),
            DataType::Struct(_) if TAKEN_APART.contains(&field.name().as_str()) => {
                builder = encodings(builder, &[], field, &arrays);
            }
            _ => {}
        }
    }
    Ok(builder.build())
}

fn column_path(path: &str) -> ColumnPath {
    ColumnPath::new(path.split('.').map(str::to_owned).collect())
}

/// Chooses how the columns of a row are encoded, and of lists of rows in it.
fn encodings(
    mut builder: WriterPropertiesBuilder,
    above: &[String],
    field: &Field,
    arrays: &[&ArrayRef],
) -> WriterPropertiesBuilder {
    let mut path = above.to_vec();
    path.push(field.name().clone());
    match field.data_type() {
        DataType::Struct(children) => {
            for (index, child) in children.iter().enumerate() {
                let arrays: Vec<_> = arrays.iter().map(|it| it.as_struct().column(index)).collect();
                builder = encodings(builder, &path, child, &arrays);
            }
            builder
        }
        DataType::List(element) if is_row(element) => {
            path.push("list".to_owned());
            // A batch may be a slice of a larger one, and its lists share the elements of that.
            let slices: Vec<ArrayRef> = arrays
                .iter()
                .map(|it| {
                    let (values, range) = elements(it);
                    values.slice(range.start, range.len())
                })
                .collect();
            encodings(builder, &path, element, &slices.iter().collect::<Vec<_>>())
        }
        DataType::Map(entries, _) => {
            let mut keys = path.clone();
            keys.extend([entries.name().clone(), "key".to_owned()]);
            builder.set_column_dictionary_enabled(ColumnPath::new(keys), true)
        }
        _ => encoding(builder, above, field, arrays),
    }
}

/// Turns the dictionary on for a text column whose first values repeat, and takes no more bits for
/// integers than they need; `above` is the path of what the column is in.
fn encoding(
    builder: WriterPropertiesBuilder,
    above: &[String],
    field: &Field,
    arrays: &[&ArrayRef],
) -> WriterPropertiesBuilder {
    let mut path = above.to_vec();
    path.push(field.name().clone());
    let mut value = field.data_type();
    if let DataType::List(element) = value {
        path.extend(["list".to_owned(), "element".to_owned()]);
        value = element.data_type();
    }
    if *value == DataType::Int64 {
        let path = ColumnPath::new(path);
        return builder.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
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

/// The values of these rows, or the elements of their lists, and which of them belong to these
/// rows. A batch may be a slice of a larger one: its lists share the elements of the rows around
/// it, and how many those are depends on the size of a chunk.
fn elements(array: &ArrayRef) -> (&ArrayRef, Range<usize>) {
    let Some(lists) = array.as_list_opt::<i32>() else { return (array, 0..array.len()) };
    let offsets = lists.value_offsets();
    (lists.values(), offsets[0].as_usize()..offsets[lists.len()].as_usize())
}

/// A column that is encoded on its own: one of the table, or one field of a row with many.
struct Task {
    /// The column of the table as it would be with that field alone.
    field: FieldRef,
    /// Its rows; none where the column has one value in all rows.
    parts: Option<Vec<ArrayRef>>,
}

/// Encodes the rows of a group, in the order of `runs` where they are given; none stands for a
/// column of one value, which is the same in all groups.
///
/// Each column is put together whole before it is encoded: pages would otherwise end where batches
/// do, and the file would tell how it was made. Its rows are let go once it is encoded: the next
/// group grows into their memory. Nor is there a writer before its column is due: each has a
/// compressor, which takes more memory than most columns.
pub fn encode(
    schema: &SchemaRef,
    batches: Vec<RecordBatch>,
    runs: Option<&[Run]>,
    (properties, one_job): (&WriterPropertiesPtr, bool),
) -> Result<Vec<Option<ArrowColumnChunk>>> {
    let tasks = tasks(schema, &batches, one_job)?;
    drop(batches);
    let encode = |task| encode_column(task, runs, properties);
    let chunks: Result<Vec<Vec<Option<ArrowColumnChunk>>>> =
        tasks.into_par_iter().with_max_len(1).map(encode).collect();
    Ok(chunks?.into_iter().flatten().collect())
}

fn tasks(schema: &SchemaRef, batches: &[RecordBatch], one_job: bool) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for (column, field) in schema.fields().iter().enumerate() {
        let fields = if TAKEN_APART.contains(&field.name().as_str()) {
            parts(field)
        } else {
            vec![(Vec::new(), Arc::clone(field))]
        };
        for (path, field) in fields {
            let parts = if one_job && path.is_empty() && has_one_value(field.name()) {
                None
            } else {
                let columns = batches.iter().map(|it| it.column(column));
                let parts: Result<_> =
                    columns.map(|it| part(it, &path, field.data_type())).collect();
                Some(parts?)
            };
            tasks.push(Task { field, parts });
        }
    }
    Ok(tasks)
}

/// Rows with many fields, which are encoded field by field.
const TAKEN_APART: [&str; 2] = ["info", "annotations"];

/// The fields of a row, each in a copy of the row that has nothing else; of lists of rows likewise.
fn parts(field: &FieldRef) -> Vec<(Vec<usize>, FieldRef)> {
    let alone =
        |data_type: DataType| Arc::new(Field::new(field.name(), data_type, field.is_nullable()));
    match field.data_type() {
        DataType::Struct(children) => {
            let mut found = Vec::new();
            for (index, child) in children.iter().enumerate() {
                let inner = match child.data_type() {
                    DataType::List(element) if is_row(element) => parts(child),
                    _ => vec![(Vec::new(), Arc::clone(child))],
                };
                found.extend(inner.into_iter().map(|(mut path, child)| {
                    path.insert(0, index);
                    (path, alone(DataType::Struct(vec![child].into())))
                }));
            }
            found
        }
        DataType::List(element) if is_row(element) => parts(element)
            .into_iter()
            .map(|(path, element)| (path, alone(DataType::List(element))))
            .collect(),
        _ => vec![(Vec::new(), Arc::clone(field))],
    }
}

fn is_row(field: &Field) -> bool {
    matches!(field.data_type(), DataType::Struct(_))
}

/// The array with one field of each row on the way, of the type that [`parts`] gives it.
fn part(array: &ArrayRef, path: &[usize], data_type: &DataType) -> Result<ArrayRef> {
    let Some((index, rest)) = path.split_first() else { return Ok(Arc::clone(array)) };
    let array: ArrayRef = match data_type {
        DataType::Struct(fields) => {
            let row = array.as_struct();
            let child = part(row.column(*index), rest, fields[0].data_type())?;
            let part = StructArray::try_new(fields.clone(), vec![child], row.nulls().cloned());
            Arc::new(part.map_err(unsound)?)
        }
        DataType::List(element) => {
            let list = array.as_list::<i32>();
            let values = part(list.values(), path, element.data_type())?;
            let offsets = list.offsets().clone();
            let part =
                ListArray::try_new(Arc::clone(element), offsets, values, list.nulls().cloned());
            Arc::new(part.map_err(unsound)?)
        }
        _ => Arc::clone(array),
    };
    Ok(array)
}

/// The writers of the Parquet columns of a field: the same as those of a file that has others, too.
fn writers(
    field: &FieldRef,
    properties: &WriterPropertiesPtr,
) -> parquet::errors::Result<Vec<ArrowColumnWriter>> {
    let schema = Arc::new(Schema::new(vec![Arc::clone(field)]));
    let root = ArrowSchemaConverter::new().convert(&schema)?.root_schema_ptr();
    let file = SerializedFileWriter::new(std::io::sink(), root, Arc::clone(properties))?;
    ArrowRowGroupWriterFactory::new(&file, schema).create_column_writers(0)
}

fn encode_column(
    task: Task,
    runs: Option<&[Run]>,
    properties: &WriterPropertiesPtr,
) -> Result<Vec<Option<ArrowColumnChunk>>> {
    let Task { field, parts } = task;
    let Some(parts) = parts else { return Ok(vec![None]) };
    let array = together(&parts, runs)?;
    drop(parts);
    let leaves = compute_leaves(&field, &array).map_err(unencodable)?;
    writers(&field, properties)
        .map_err(unencodable)?
        .into_iter()
        .zip(leaves)
        .map(|(mut writer, leaf)| {
            writer.write(&leaf).map_err(unencodable)?;
            writer.close().map(Some).map_err(unencodable)
        })
        .collect()
}

fn unsound(error: arrow::error::ArrowError) -> Error {
    Error::internal("the columns of a row group do not fit together").with_source(error)
}

fn unencodable(error: parquet::errors::ParquetError) -> Error {
    Error::internal("a column cannot be encoded").with_source(error)
}
