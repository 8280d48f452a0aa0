//! Where new data files go: to the disk, if nobody says otherwise.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::thread::{Builder, JoinHandle};

use crate::model::{Error, ErrorKind};

/// Takes the new files of a writer.
pub trait NewFiles: fmt::Debug + Send + Sync {
    /// Begins a file. By its path others are told of it; what is written need not lie there.
    fn begin(&self, path: &Path) -> io::Result<Box<dyn FileWriter>>;

    /// Why a file could not be written, for a person.
    fn failed(&self, path: &Path, error: &io::Error) -> Error;
}

/// A file that is being written.
pub trait FileWriter: Write + Send {
    /// Waits until all that was written is stored for good.
    fn finish(&mut self) -> io::Result<()>;
}

/// Files on the disk, at their paths.
#[derive(Clone, Copy, Debug)]
pub struct OnDisk;

impl NewFiles for OnDisk {
    fn begin(&self, path: &Path) -> io::Result<Box<dyn FileWriter>> {
        Ok(Box::new(DiskFile::new(File::create_new(path)?)))
    }

    fn failed(&self, path: &Path, error: &io::Error) -> Error {
        let help = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free space on the disk of the home, or give another --home"
            }
            _ => "check the disk and the rights of the home folder",
        };
        Error::new(ErrorKind::Storage, format!("cannot write a data file: {error}"))
            .with("file", path.display())
            .with_help(help)
    }
}

/// Bytes after which a file is sent to the disk: what is left at its end is waited for.
const SENT_AT_ONCE: u64 = 16 << 20;

/// A file that is brought to the disk while it is written.
struct DiskFile {
    file: BufWriter<File>,
    /// Bytes since it was last sent to the disk.
    unsent: u64,
    sending: Option<JoinHandle<io::Result<()>>>,
}

impl DiskFile {
    fn new(file: File) -> Self {
        Self { file: BufWriter::with_capacity(1 << 20, file), unsent: 0, sending: None }
    }

    /// Has what is written so far brought to the disk, unless that is under way. Where no file can
    /// be opened and no thread begun for it, the end of the file does all.
    fn send(&mut self) -> io::Result<()> {
        if self.unsent < SENT_AT_ONCE || self.sending.as_ref().is_some_and(|it| !it.is_finished()) {
            return Ok(());
        }
        self.sent_before()?;
        self.unsent = 0;
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
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.unsent += count as u64;
        self.send()?;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl FileWriter for DiskFile {
    fn finish(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.sent_before()?;
        self.file.get_ref().sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_in_parts_is_all_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let mut file = DiskFile::new(File::create_new(&path).unwrap());
        let part: Vec<u8> = (0..=250).cycle().take(5 << 20).collect();
        let mut was_sent = false;
        for _ in 0..9 {
            file.write_all(&part).unwrap();
            was_sent |= file.sending.is_some();
        }
        file.finish().unwrap();
        assert!(std::fs::read(&path).unwrap() == part.repeat(9));
        assert!(was_sent);
    }
}
