//! A data file, read where it lies: each block is held against its checksum before anybody sees a
//! byte of it.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::{Buf as _, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::catalog::{DataFile, FilePlace, OpenedFile};
use crate::model::{Error, ErrorKind, Result};
use crate::write::BlockChecksums;

/// Bytes that are read at once where the end of what is wanted is not known.
const STRETCH: u64 = 1 << 16;

/// An open data file, which many threads read.
#[derive(Clone, Debug)]
pub struct StoredFile(Arc<OpenStored>);

#[derive(Debug)]
struct OpenStored {
    file: OpenedFile,
    place: FilePlace,
    bytes: u64,
    checksums: Option<BlockChecksums>,
    /// The first block that was found to differ from what an import wrote.
    damage: OnceLock<Range<u64>>,
}

impl StoredFile {
    /// Opens a data file of a version.
    pub fn open(of: &DataFile) -> Result<Self> {
        let file = of.place.open().map_err(|error| {
            Error::new(ErrorKind::Storage, "cannot open a data file")
                .with("file", &of.place)
                .with_source(error)
        })?;
        let (place, checksums) = (of.place.clone(), of.checksums.clone());
        let damage = OnceLock::new();
        Ok(Self(Arc::new(OpenStored { file, place, bytes: of.bytes, checksums, damage })))
    }

    /// Why its rows could not be read.
    pub fn unreadable(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        let error = match self.0.damage.get() {
            Some(place) => Error::new(
                ErrorKind::Storage,
                format!(
                    "a data file is damaged: its bytes {} to {} are not those of the import",
                    place.start,
                    place.end.saturating_sub(1)
                ),
            ),
            None => Error::new(ErrorKind::Storage, "cannot read a data file").with_source(error),
        };
        error.with("file", &self.0.place)
    }

    fn read(&self, wanted: Range<u64>) -> Result<Bytes, ParquetError> {
        let OpenStored { file, bytes, checksums, damage, .. } = &*self.0;
        if wanted.start > wanted.end || wanted.end > *bytes {
            return Err(ParquetError::EOF("the file is shorter than it was".to_owned()));
        }
        let around = match checksums {
            Some(_) => BlockChecksums::blocks_around(&wanted, *bytes),
            None => wanted.clone(),
        };
        let read = file.part(around.clone(), *bytes)?;
        if let Some(place) = checksums.as_ref().and_then(|it| it.first_damage(around.start, &read))
        {
            let _ = damage.set(place);
            return Err(ParquetError::General("a data file is damaged".to_owned()));
        }
        let from = length(&(around.start..wanted.start));
        Ok(read.slice(from..from + length(&wanted)))
    }
}

/// How many bytes a range of a file has; ranges that do not fit the memory end as failed reads.
fn length(range: &Range<u64>) -> usize {
    usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX)
}

impl Length for StoredFile {
    fn len(&self) -> u64 {
        self.0.bytes
    }
}

impl ChunkReader for StoredFile {
    type T = Stretches;

    fn get_read(&self, start: u64) -> Result<Stretches, ParquetError> {
        Ok(Stretches { file: self.clone(), at: start, read: Bytes::new() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.read(start..start.saturating_add(length as u64))
    }
}

/// A file from a place on.
pub struct Stretches {
    file: StoredFile,
    at: u64,
    read: Bytes,
}

impl Read for Stretches {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.is_empty() {
            let end = (self.at / STRETCH + 1).saturating_mul(STRETCH).min(self.file.len());
            self.read = self.file.read(self.at..end.max(self.at)).map_err(io::Error::other)?;
            self.at = end.max(self.at);
        }
        let count = buffer.len().min(self.read.len());
        self.read.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
