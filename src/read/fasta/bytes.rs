//! Any stretch of an inflated file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::BlockStart;
use crate::model::{Error, ErrorKind, Result};
use crate::read::bgzf::{inflate_blocks, unreadable};

/// A file of which many threads read stretches.
#[derive(Debug)]
pub struct Bytes {
    file: Mutex<File>,
}

impl Bytes {
    /// Opens a path.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        Ok(Self { file: Mutex::new(file) })
    }

    /// What the system says about the file.
    pub fn metadata(&self) -> Result<std::fs::Metadata> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.metadata().map_err(|error| unreadable(&error))
    }

    /// The bytes `from..to` of the text; `blocks` are those of a BGZF file.
    pub fn stretch(&self, from: u64, to: u64, blocks: Option<&[BlockStart]>) -> Result<Vec<u8>> {
        let Some(blocks) = blocks else { return self.raw(from, to) };
        // The block that has a byte is the last one that begins at it or before.
        let first = blocks.partition_point(|it| it.inflated <= from).saturating_sub(1);
        let end = blocks.partition_point(|it| it.inflated < to).min(blocks.len() - 1);
        let (Some(start), Some(stop)) = (blocks.get(first), blocks.get(end)) else {
            return Err(shorter());
        };
        let inflated = usize::try_from(stop.inflated - start.inflated).map_err(|_| shorter())?;
        let raw = self.raw(start.offset, stop.offset)?;
        let text = inflate_blocks(raw, inflated, start.offset)
            .map_err(|error| changed("its blocks do not inflate as they did").with_source(error))?;
        let at = |place: u64| {
            usize::try_from(place.saturating_sub(start.inflated)).unwrap_or(usize::MAX)
        };
        Ok(text.bytes().get(at(from)..at(to)).ok_or_else(shorter)?.to_vec())
    }

    fn raw(&self, from: u64, to: u64) -> Result<Vec<u8>> {
        let length = usize::try_from(to.saturating_sub(from)).map_err(|_| shorter())?;
        let mut bytes = vec![0; length];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(from)).map_err(|error| unreadable(&error))?;
        file.read_exact(&mut bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => shorter(),
            _ => unreadable(&error),
        })?;
        Ok(bytes)
    }
}

fn shorter() -> Error {
    changed("it is shorter")
}

/// The error where the file has other bytes than those of its index.
pub fn changed(how: &str) -> Error {
    let message = format!("the FASTA file is not what it was when it was indexed: {how}");
    Error::new(ErrorKind::Unreadable, message).with_help(
        "leave the file alone while it is used: check again, or add the reference again with \
         `annostore reference add`",
    )
}
