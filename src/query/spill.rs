//! What does not fit into memory, in one file without a name: however the process ends, nothing of
//! it stays behind. Nor does it take an open file for each of the parts that a sort merges.

use std::fs::File;
use std::io::{self, Write};
use std::mem::take;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SpillFile, SpillWriter, TempFileFactory};
use futures::{Stream, stream};

/// The pieces of the file that are given out.
const EXTENT: u64 = 1 << 20;
/// 100 GiB of them: a query that runs wild leaves room on the disk of others.
const MAX_EXTENTS: u64 = 100 << 10;
/// What is read at once.
const READ: u64 = 256 << 10;

/// Makes the temporary files of an engine, all within one. It is made in the system's folder for
/// temporary files once something has to go there.
#[derive(Debug, Default)]
pub struct Spills(Arc<Mutex<Room>>);

#[derive(Debug, Default)]
struct Room {
    file: Option<Arc<File>>,
    /// Numbers of extents that were given back.
    free: Vec<u64>,
    /// How many extents the file has had.
    used: u64,
}

impl Room {
    fn file(&mut self) -> io::Result<Arc<File>> {
        if let Some(file) = &self.file {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(tempfile::tempfile()?);
        self.file = Some(Arc::clone(&file));
        Ok(file)
    }

    fn extent(&mut self) -> io::Result<u64> {
        if let Some(extent) = self.free.pop() {
            return Ok(extent);
        }
        if self.used == MAX_EXTENTS {
            return Err(io::Error::new(
                io::ErrorKind::QuotaExceeded,
                "a query may have 100 GiB of temporary files",
            ));
        }
        self.used += 1;
        Ok(self.used - 1)
    }

    fn give_back(&mut self, extents: Vec<u64>) {
        self.free.extend(extents);
        if self.free.len() as u64 == self.used {
            // Nothing is in use: the disk gets all of it back.
            *self = Self::default();
        }
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TempFileFactory for Spills {
    fn create_temp_file(&self, _: &str) -> Result<Arc<dyn SpillFile>> {
        let room = Arc::clone(&self.0);
        let file = locked(&room).file().map_err(DataFusionError::IoError)?;
        let part = Part { room, file, extents: Mutex::default(), length: AtomicU64::new(0) };
        Ok(Arc::new(Spill(Arc::new(part))))
    }
}

/// One temporary file as DataFusion sees it.
struct Spill(Arc<Part>);

struct Part {
    room: Arc<Mutex<Room>>,
    file: Arc<File>,
    /// Its extents, in order.
    extents: Mutex<Vec<u64>>,
    length: AtomicU64,
}

impl Part {
    /// Writes as much as goes into the last extent.
    fn append(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut extents = locked(&self.extents);
        let length = self.length.load(Ordering::Relaxed);
        let within = length % EXTENT;
        if within == 0 && extents.len() as u64 == length / EXTENT {
            extents.push(locked(&self.room).extent()?);
        }
        let Some(last) = extents.last() else { return Ok(0) };
        let room = usize::try_from(EXTENT - within).unwrap_or(usize::MAX);
        let written = bytes.len().min(room);
        self.file.write_all_at(&bytes[..written], last * EXTENT + within)?;
        self.length.store(length + written as u64, Ordering::Release);
        Ok(written)
    }

    /// What stands at a place; nothing at the end.
    fn read(&self, at: u64) -> io::Result<Bytes> {
        let length = self.length.load(Ordering::Acquire);
        let within = at % EXTENT;
        let extent = usize::try_from(at / EXTENT).ok();
        let extent = extent.and_then(|it| locked(&self.extents).get(it).copied());
        let Some(extent) = extent.filter(|_| at < length) else { return Ok(Bytes::new()) };
        let count = READ.min(EXTENT - within).min(length - at);
        let mut bytes = vec![0; usize::try_from(count).unwrap_or_default()];
        self.file.read_exact_at(&mut bytes, extent * EXTENT + within)?;
        Ok(bytes.into())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let extents = take(&mut *locked(&self.extents));
        locked(&self.room).give_back(extents);
    }
}

impl SpillFile for Spill {
    fn size(&self) -> Option<u64> {
        Some(self.0.length.load(Ordering::Relaxed))
    }

    fn read_stream(&self) -> Result<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>> {
        Ok(Box::pin(stream::try_unfold((Arc::clone(&self.0), 0), |(part, at)| async move {
            let bytes = part.read(at).map_err(DataFusionError::IoError)?;
            let next = at + bytes.len() as u64;
            Ok((!bytes.is_empty()).then_some((bytes, (part, next))))
        })))
    }

    fn open_writer(&self) -> Result<Box<dyn SpillWriter>> {
        Ok(Box::new(Appending(Arc::clone(&self.0))))
    }
}

struct Appending(Arc<Part>);

impl Write for Appending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl SpillWriter for Appending {
    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;
    use futures::executor::block_on;

    use super::*;

    fn content(file: &Arc<dyn SpillFile>) -> Vec<u8> {
        let chunks: Vec<Bytes> = block_on(file.read_stream().unwrap().try_collect()).unwrap();
        chunks.concat()
    }

    #[test]
    fn files_that_are_written_at_once_keep_apart_and_give_their_place_back() {
        let spills = Spills::default();
        let texts: Vec<Vec<u8>> = (0..3_u8)
            .map(|number| (0..2_500_000_u32).map(|it| (it % 251) as u8 ^ number).collect())
            .collect();
        for _ in 0..2 {
            let files: Vec<_> =
                texts.iter().map(|_| spills.create_temp_file("").unwrap()).collect();
            let mut writers: Vec<_> = files.iter().map(|it| it.open_writer().unwrap()).collect();
            for at in (0..2_500_000).step_by(100_000) {
                for (text, writer) in texts.iter().zip(&mut writers) {
                    writer.write_all(&text[at..at + 100_000]).unwrap();
                }
            }
            for (text, file) in texts.iter().zip(&files) {
                assert_eq!(file.size(), Some(2_500_000));
                assert!(content(file) == *text);
            }
            assert_eq!(locked(&spills.0).used, 9);
            drop((files, writers));
            assert_eq!(locked(&spills.0).used, 0);
        }
    }

    #[test]
    fn an_extent_that_was_given_back_is_used_again() {
        let spills = Spills::default();
        let kept = spills.create_temp_file("").unwrap();
        kept.open_writer().unwrap().write_all(b"kept").unwrap();
        for number in 0..5_u8 {
            let file = spills.create_temp_file("").unwrap();
            file.open_writer().unwrap().write_all(&[number; 10]).unwrap();
            assert_eq!(content(&file), [number; 10]);
        }
        assert_eq!(locked(&spills.0).used, 2);
        assert_eq!(content(&kept), b"kept");
        assert!(content(&spills.create_temp_file("").unwrap()).is_empty());
    }
}
