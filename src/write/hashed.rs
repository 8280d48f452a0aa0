//! A data file on its way to the disk.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::thread::{Builder, JoinHandle};

use sha2::{Digest, Sha256};

use super::block_checksums::{BlockChecksums, BlockHasher};
use crate::read::source::hex;

/// A file that is hashed, and brought to the disk, while it is written.
pub struct Hashed {
    file: BufWriter<File>,
    digest: Sha256,
    blocks: BlockHasher,
    bytes: u64,
    /// How many bytes there were when they were last sent to the disk.
    sent: u64,
    sending: Option<JoinHandle<io::Result<()>>>,
}

/// Bytes after which a file is sent to the disk: what is left at its end is waited for.
const SENT_AT_ONCE: u64 = 16 << 20;

impl Hashed {
    /// An empty file.
    pub fn new(file: File) -> Self {
        let file = BufWriter::with_capacity(1 << 20, file);
        let (digest, blocks) = (Sha256::new(), BlockHasher::default());
        Self { file, digest, blocks, bytes: 0, sent: 0, sending: None }
    }

    /// Has what is written so far brought to the disk, unless that is under way. Where no file can
    /// be opened and no thread begun for it, the end of the file does all.
    fn send(&mut self) -> io::Result<()> {
        if self.bytes - self.sent < SENT_AT_ONCE {
            return Ok(());
        }
        if self.sending.as_ref().is_some_and(|it| !it.is_finished()) {
            return Ok(());
        }
        self.sent_before()?;
        self.sent = self.bytes;
        if let Ok(file) = self.file.get_ref().try_clone() {
            self.sending = Builder::new().spawn(move || file.sync_data()).ok();
        }
        Ok(())
    }

    /// What became of what was sent. The system tells of a failure once, to whoever asks first.
    fn sent_before(&mut self) -> io::Result<()> {
        let Some(sending) = self.sending.take() else { return Ok(()) };
        sending.join().unwrap_or_else(|_| Err(io::Error::other("a thread failed")))
    }

    /// How long it is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Brings all of it to the disk, and gives its SHA-256 in hex and the checksums of its blocks.
    pub fn sync(&mut self) -> io::Result<(String, BlockChecksums)> {
        self.file.flush()?;
        self.sent_before()?;
        self.file.get_ref().sync_all()?;
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
        self.send()?;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_in_parts_is_all_there_and_hashed_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let mut file = Hashed::new(File::create_new(&path).unwrap());
        let part: Vec<u8> = (0..=250).cycle().take(5 << 20).collect();
        for _ in 0..9 {
            file.write_all(&part).unwrap();
        }
        let (digest, blocks) = file.sync().unwrap();
        let content = std::fs::read(&path).unwrap();
        assert_eq!(file.bytes(), content.len() as u64);
        assert!(content == part.repeat(9));
        assert_eq!(digest, hex(&Sha256::digest(&content)));
        assert_eq!(blocks, BlockChecksums::of(&content));
        assert!(file.sent >= SENT_AT_ONCE);
    }
}
