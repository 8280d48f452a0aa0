//! Rows without a place in shares by the hash of their keys, which lie on the disk until it is
//! their turn.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::BufWriter;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::FileReader;
use arrow::ipc::writer::FileWriter;

use super::columns::{BothColumns, as_keys};
use super::types::internal;
use crate::merge::SortedRows;
use crate::model::{Error, ErrorKind, Result};

/// Rows of a share that go to the disk at once, and of all shares together.
const ROWS_AT_ONCE: usize = 2048;
const ROWS_WAITING: usize = 1 << 17;

/// The rows of a version by share, in a file without a name.
pub struct Shares {
    /// None where there was only one share, which needs no disk.
    file: Option<FileReader<File>>,
    shares: Vec<Share>,
}

#[derive(Clone, Default)]
struct Share {
    /// Rows that are in memory.
    rows: Vec<RecordBatch>,
    /// How many those are.
    count: usize,
    /// The numbers of batches in the file.
    written: Vec<usize>,
}

impl Shares {
    /// Parts all rows of side 0 or 1 by the hash of their keys.
    pub fn of(rows: SortedRows, columns: &BothColumns, at: usize, shares: usize) -> Result<Self> {
        let mut parted = Self { file: None, shares: vec![Share::default(); shares.max(1)] };
        let Some(mut writer) = (shares > 1).then(|| writer(rows.schema())).transpose()? else {
            parted.shares[0].rows = rows.collect::<Result<_>>()?;
            return Ok(parted);
        };
        let most = (ROWS_WAITING / shares).clamp(1, ROWS_AT_ONCE);
        let mut written = 0;
        for batch in rows {
            let batch = batch?;
            let of_shares = by_share(&batch, columns, at, shares)?;
            for (share, of_share) in parted.shares.iter_mut().zip(of_shares) {
                share.add(
                    take_record_batch(&batch, &UInt32Array::from(of_share)).map_err(internal)?,
                );
                if share.count >= most {
                    share.write(&mut writer, &mut written)?;
                }
            }
        }
        for share in &mut parted.shares {
            share.write(&mut writer, &mut written)?;
        }
        let file = writer.into_inner().map_err(unwritten)?.into_inner();
        let file = file.map_err(|error| unwritten(error.into_error().into()))?;
        parted.file = Some(FileReader::try_new(file, None).map_err(unwritten)?);
        Ok(parted)
    }

    /// The rows of a share.
    pub fn take(&mut self, share: usize) -> Result<Vec<RecordBatch>> {
        let Share { mut rows, written, .. } = std::mem::take(&mut self.shares[share]);
        for number in written {
            let file = self.file.as_mut().ok_or_else(|| Error::internal("a share has no file"))?;
            file.set_index(number).map_err(unwritten)?;
            rows.extend(file.next().transpose().map_err(unwritten)?);
        }
        Ok(rows)
    }
}

impl Share {
    fn add(&mut self, rows: RecordBatch) {
        if rows.num_rows() > 0 {
            self.count += rows.num_rows();
            self.rows.push(rows);
        }
    }

    fn write(
        &mut self,
        writer: &mut FileWriter<BufWriter<File>>,
        written: &mut usize,
    ) -> Result<()> {
        if let Some(first) = self.rows.first() {
            let rows = concat_batches(&first.schema(), &self.rows).map_err(internal)?;
            writer.write(&rows).map_err(unwritten)?;
            self.written.push(*written);
            *written += 1;
        }
        self.rows.clear();
        self.count = 0;
        Ok(())
    }
}

fn writer(schema: &SchemaRef) -> Result<FileWriter<BufWriter<File>>> {
    let file = tempfile::tempfile().map_err(|error| unwritten(error.into()))?;
    FileWriter::try_new(BufWriter::new(file), schema).map_err(unwritten)
}

/// The numbers of the rows of each share.
fn by_share(
    batch: &RecordBatch,
    columns: &BothColumns,
    at: usize,
    shares: usize,
) -> Result<Vec<Vec<u32>>> {
    let rows = columns.flat(std::slice::from_ref(batch), at)?;
    let keys = as_keys(&rows.of(columns.key()))?;
    let mut of_shares = vec![Vec::new(); shares];
    for (row, key) in (0..).zip(keys.iter()) {
        let mut hasher = DefaultHasher::new();
        hasher.write(key.as_ref());
        let share = usize::try_from(hasher.finish() % shares as u64).unwrap_or_default();
        of_shares[share].push(row);
    }
    Ok(of_shares)
}

fn unwritten(error: ArrowError) -> Error {
    Error::new(ErrorKind::Storage, "rows cannot be kept in a temporary file")
        .with("folder", std::env::temp_dir().display())
        .with_help("free space there, or name another folder in TMPDIR")
        .with_source(error)
}
