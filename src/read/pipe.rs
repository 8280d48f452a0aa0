//! How a file is read: on which threads, in which pieces, and who watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::model::{Error, ErrorKind, Result};

/// How the pipe runs; no value of it changes a result.
#[derive(Clone)]
pub struct Pipe {
    /// The threads that decompress, parse and encode.
    pub pool: Arc<ThreadPool>,
    /// Bytes of text that a chunk has at least.
    pub chunk_bytes: usize,
    /// What has been read so far, for whoever watches.
    pub meter: Arc<Meter>,
}

/// A mebibyte: large enough that the work outweighs the hand-over, small enough for a core's cache.
pub const DEFAULT_CHUNK_BYTES: usize = 1 << 20;

/// What a run has done so far. One run writes it, anybody may read it; setting `stop` ends the run.
#[derive(Debug, Default)]
pub struct Meter {
    /// Bytes of the input that were read, before decompression.
    pub bytes_read: AtomicU64,
    /// Size of the input before decompression; 0 where it is not known.
    pub bytes_total: AtomicU64,
    /// Records seen.
    pub records: AtomicU64,
    /// Set to end the run with [`ErrorKind::Interrupted`].
    pub stop: Arc<AtomicBool>,
}

impl Meter {
    /// An error once somebody asked the run to stop.
    pub fn check(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(
                ErrorKind::Interrupted,
                "interrupted before the end of the file",
            ));
        }
        Ok(())
    }

    /// Why something failed: once somebody asked the run to stop, for that.
    pub fn cause(&self, error: Error) -> Error {
        self.check().err().unwrap_or(error)
    }
}

impl Pipe {
    /// A pipe with a pool of its own; `threads` of `None` means one per processor.
    pub fn new(threads: Option<usize>, chunk_bytes: usize) -> Result<Self> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.unwrap_or(0))
            .thread_name(|index| format!("worker-{index}"))
            // A worker that dies is noticed by whoever waits for its result; it must not take the
            // process along.
            .panic_handler(|_| ())
            .build()
            .map_err(|error| {
                Error::internal("cannot start the worker threads").with_source(error)
            })?;
        Ok(Self { pool: Arc::new(pool), chunk_bytes: chunk_bytes.max(1), meter: Arc::default() })
    }

    /// A pipe on the same threads, which ends with [`ErrorKind::Interrupted`] once `stop` is set.
    #[must_use]
    pub fn stopped_by(mut self, stop: &Arc<AtomicBool>) -> Self {
        self.meter = Arc::new(Meter { stop: Arc::clone(stop), ..Meter::default() });
        self
    }

    /// How many pieces of work may be under way between two stages.
    pub fn window(&self) -> usize {
        self.pool.current_num_threads() + 2
    }
}
