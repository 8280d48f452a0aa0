//! Parquet and Arrow.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatchWriter;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::writer::{FileWriter, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::columns::{renamed, unique_names};
use super::form::{AnswerFormat, Batches, Failure, Layout, Written};
use crate::model::Error;

/// A row group is closed at the number of rows that a store's own files have.
const ROW_GROUP: usize = 131_072;

/// A Parquet file.
pub static PARQUET: AnswerFormat = AnswerFormat {
    name: "parquet",
    extensions: &[],
    is_binary: true,
    has_header: false,
    write: write_parquet,
};

/// Arrow IPC: its file form in a file, its stream form in a pipe.
pub static ARROW: AnswerFormat = AnswerFormat {
    name: "arrow",
    extensions: &["feather", "arrows", "ipc"],
    is_binary: true,
    has_header: false,
    write: |layout, schema, batches, out| {
        let schema = &unique_names(schema);
        if layout.file {
            write_arrow(FileWriter::try_new(out, schema), schema, batches)
        } else {
            write_arrow(StreamWriter::try_new(out, schema), schema, batches)
        }
    },
};

fn write_parquet(
    _: &Layout,
    schema: &SchemaRef,
    batches: Batches<'_>,
    out: &mut dyn Write,
) -> Result<Written, Failure> {
    let schema = &unique_names(schema);
    let failed = |error: parquet::errors::ParquetError| {
        Failure::Query(Error::invalid("the answer cannot be written as Parquet").with_source(error))
    };
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .build();
    let buffer = Buffer::default();
    let mut writer = ArrowWriter::try_new(buffer.clone(), Arc::clone(schema), Some(properties))
        .map_err(failed)?;
    let mut written = Written::default();
    for batch in batches {
        let batch = renamed(&batch?, schema)?;
        writer.write(&batch).map_err(failed)?;
        buffer.drain(out)?;
        written.rows += batch.num_rows() as u64;
    }
    writer.close().map_err(failed)?;
    buffer.drain(out)?;
    Ok(written)
}

/// Parquet's writer wants to own a destination that can change threads; standard output cannot. So
/// it writes here, and we pass on.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn drain(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_arrow(
    writer: Result<impl RecordBatchWriter, ArrowError>,
    schema: &SchemaRef,
    batches: Batches<'_>,
) -> Result<Written, Failure> {
    let mut writer = writer.map_err(failed)?;
    let mut written = Written::default();
    for batch in batches {
        let batch = renamed(&batch?, schema)?;
        writer.write(&batch).map_err(failed)?;
        written.rows += batch.num_rows() as u64;
    }
    writer.close().map_err(failed)?;
    Ok(written)
}

fn failed(error: ArrowError) -> Failure {
    match error {
        ArrowError::IoError(_, error) => Failure::Output(error),
        other => Failure::Query(
            Error::invalid("the answer cannot be written as Arrow").with_source(other),
        ),
    }
}
