//! A data file that is hashed while it is written.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::block_checksums::{BlockChecksums, BlockHasher};
use super::new_files::FileWriter;
use crate::read::source::hex;

/// A file that is hashed while it is written.
pub struct Hashed {
    file: Box<dyn FileWriter>,
    digest: Sha256,
    blocks: BlockHasher,
    bytes: u64,
}

impl Hashed {
    /// An empty file.
    pub fn new(file: Box<dyn FileWriter>) -> Self {
        Self { file, digest: Sha256::new(), blocks: BlockHasher::default(), bytes: 0 }
    }

    /// How long it is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Waits until all of it is stored, and gives its SHA-256 in hex and the checksums of its
    /// blocks.
    pub fn finish(&mut self) -> io::Result<(String, BlockChecksums)> {
        self.file.finish()?;
        let digest = hex(&std::mem::take(&mut self.digest).finalize());
        Ok((digest, std::mem::take(&mut self.blocks).finish()))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.digest.update(&bytes[..count]);
        self.blocks.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::new_files::{NewFiles as _, OnDisk};
    use super::*;

    #[test]
    fn what_is_written_in_parts_is_hashed_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let mut file = Hashed::new(OnDisk.begin(&path).unwrap());
        let part: Vec<u8> = (0..=250).cycle().take(100_000).collect();
        for _ in 0..3 {
            file.write_all(&part).unwrap();
        }
        let (digest, blocks) = file.finish().unwrap();
        let content = std::fs::read(&path).unwrap();
        assert_eq!(file.bytes(), content.len() as u64);
        assert_eq!(digest, hex(&Sha256::digest(&content)));
        assert_eq!(blocks, BlockChecksums::of(&content));
    }
}
