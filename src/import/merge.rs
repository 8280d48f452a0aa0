//! Many small files of a version are put together while another file is imported, so that a query
//! has few to open. The rows stay as they are; files are never larger than a few row groups.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StructArray, new_null_array};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use sha2::{Digest, Sha256};

use super::commit::new_file;
use super::options::ImportTask;
use crate::catalog::{DataFile, Merge};
use crate::model::{Error, Result, StoreFormat};
use crate::read::source::hex;
use crate::write::schema::{gff_schema, record_number, vcf_schema};
use crate::write::{CoordinateNames, MAX_OTHER_KEYS, RecordNumbers, VersionWriter};

/// Bytes of small files that are held at once.
const MOST_BYTES: usize = 64 << 20;
/// Rows that are read at once.
const ROWS: usize = 4096;

/// A small file, whole and as it was written.
struct Small {
    file: DataFile,
    content: Bytes,
    schema: SchemaRef,
}

/// Writes the small files of the version together, in the staging folder of the run; none where
/// they are few. What cannot be read stays as it is, for a query to tell of.
pub fn small_files(task: ImportTask<'_>) -> Result<Option<Merge>> {
    let small = read(task.run.small_files()?);
    let Some(last) = small.last() else { return Ok(None) };
    let schema = together(task, last, &small);
    let order = match task.run.store().format {
        StoreFormat::Vcf => Some(CoordinateNames::vcf()),
        StoreFormat::Gff => Some(CoordinateNames::gff()),
        StoreFormat::Tsv => {
            let run = task.run;
            let options = run.version().options.as_ref().or(run.store().options.as_ref());
            options.and_then(CoordinateNames::tsv)
        }
    };
    let folder = task.run.staging_dir();
    let writer = VersionWriter::new(folder, Arc::clone(&schema), order.as_ref(), &task.pipe.pool)?;
    let files = task.run.new_files(&task.pipe.meter.stop)?;
    let mut writer = writer.given_to(files).of_several_jobs();
    let mut replaced = Vec::new();
    let mut other_keys = Some(BTreeSet::new());
    for Small { file, content, .. } in small.into_iter().filter(|it| fits(&it.schema, &schema)) {
        task.pipe.meter.check()?;
        for batch in rows(content)? {
            writer.add(&widened(&batch.map_err(|error| damaged(&file, error))?, &schema)?)?;
        }
        other_keys = other_keys.zip(file.other_keys.clone()).map(|(mut all, more)| {
            all.extend(more);
            all
        });
        replaced.push(file);
    }
    let written = writer.finish()?;
    let is_worth_it = written.len() * 2 <= replaced.len();
    let rows = |files: &mut dyn Iterator<Item = u64>| files.sum::<u64>();
    if rows(&mut written.iter().map(|it| it.rows)) != rows(&mut replaced.iter().map(|it| it.rows)) {
        return Err(Error::internal("small files of the version lost rows when put together"));
    }
    let other_keys = other_keys.filter(|it| it.len() <= MAX_OTHER_KEYS);
    let other_keys: Option<Vec<String>> = other_keys.map(|it| it.into_iter().collect());
    let files = written.into_iter().map(|it| new_file(it, other_keys.clone())).collect();
    Ok(is_worth_it.then_some(Merge { replaced, files }))
}

/// The files that are as they were written.
fn read(files: Vec<DataFile>) -> Vec<Small> {
    let mut bytes = 0;
    let mut small = Vec::new();
    for file in files {
        let Ok(Some(content)) = file.place.read() else { continue };
        if hex(&Sha256::digest(&content)) != file.sha256 {
            continue;
        }
        bytes += content.len();
        if let Ok(opened) = ParquetRecordBatchReaderBuilder::try_new(content.clone()) {
            let schema = Arc::clone(opened.schema());
            small.push(Small { file, content, schema });
        }
        if bytes > MOST_BYTES {
            break;
        }
    }
    small
}

/// The columns of all files: of a VCF store those of each INFO key that some file has.
fn together(task: ImportTask<'_>, last: &Small, small: &[Small]) -> SchemaRef {
    let rows = match task.run.store().format {
        StoreFormat::Vcf => {
            let names: HashSet<&str> = small.iter().flat_map(|it| info_names(&it.schema)).collect();
            let columns = task.run.version().info_columns.iter();
            let columns: Vec<_> =
                columns.filter(|it| names.contains(it.name.as_str())).cloned().collect();
            vcf_schema(&columns)
        }
        StoreFormat::Gff => gff_schema(),
        StoreFormat::Tsv => {
            let number = record_number();
            let fields = last.schema.fields().iter();
            let fields: Vec<_> = fields.filter(|it| it.name() != number.name()).cloned().collect();
            Arc::new(Schema::new(fields))
        }
    };
    Arc::clone(RecordNumbers::new(&rows).schema())
}

fn info_names(schema: &Schema) -> impl Iterator<Item = &str> {
    let info = schema.field_with_name("info").ok().map(Field::data_type);
    let fields = match info {
        Some(DataType::Struct(fields)) => Some(fields),
        _ => None,
    };
    fields.into_iter().flatten().map(|it| it.name().as_str())
}

/// Whether all columns of a file are among these, and of the same types.
fn fits(file: &Schema, all: &Schema) -> bool {
    file.fields().iter().all(|field| {
        let known = all.field_with_name(field.name()).map(Field::data_type);
        match (field.data_type(), known) {
            (_, Err(_)) => false,
            (DataType::Struct(fields), Ok(DataType::Struct(all))) => fields.iter().all(|field| {
                let known = all.find(field.name());
                known.is_some_and(|(_, it)| it.data_type() == field.data_type())
            }),
            (one, Ok(other)) => one == other,
        }
    })
}

fn rows(content: Bytes) -> Result<ParquetRecordBatchReader> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(content);
    let reader = reader.and_then(|it| it.with_batch_size(ROWS).build());
    reader.map_err(|error| {
        Error::internal("a data file that is as it was written cannot be read").with_source(error)
    })
}

/// The rows with all columns; those that they do not have are null.
fn widened(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let rows = batch.num_rows();
    let column = |name: &str, data_type: &DataType| -> Result<ArrayRef> {
        let Some(found) = batch.column_by_name(name) else {
            return Ok(new_null_array(data_type, rows));
        };
        let DataType::Struct(fields) = data_type else { return Ok(Arc::clone(found)) };
        let found = found.as_struct();
        let child = |field: &FieldRef| {
            let child = found.column_by_name(field.name()).cloned();
            child.unwrap_or_else(|| new_null_array(field.data_type(), rows))
        };
        let children = fields.iter().map(child).collect();
        let widened = StructArray::try_new(fields.clone(), children, found.nulls().cloned());
        Ok(Arc::new(widened.map_err(unsound)?))
    };
    let columns: Result<Vec<_>> =
        schema.fields().iter().map(|it| column(it.name(), it.data_type())).collect();
    RecordBatch::try_new(Arc::clone(schema), columns?).map_err(unsound)
}

fn damaged(file: &DataFile, error: arrow::error::ArrowError) -> Error {
    Error::internal("a data file that is as it was written cannot be read")
        .with("file", &file.place)
        .with_source(error)
}

fn unsound(error: arrow::error::ArrowError) -> Error {
    Error::internal("the columns of small files do not fit together").with_source(error)
}
