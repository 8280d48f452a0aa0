//! Bytes become chunks of whole lines, and those become columns and findings.
//!
//! Decompression and parsing run on the threads of a pool, in pieces whose results are put back in file order, so that
//! neither the number of threads nor the size of a chunk shows in any result.

mod bgzf;
pub mod chunk;
pub mod fasta;
mod gate;
pub mod gff;
mod number;
pub mod ordered;
mod records;
mod report;
pub mod source;
mod spare;
pub mod tsv;
pub mod vcf;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::diagnostic::Findings;
use crate::model::{Error, ErrorKind, Result};

pub use gate::{Admission, Role, Variant};
pub use records::Records;
pub use report::LineReport;

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

/// What came out of a chunk of records.
#[derive(Debug)]
pub struct Parsed<T> {
    /// What the sink made of the records.
    pub output: T,
    /// What is wrong, with lines counted from the first line of the chunk as 1.
    pub findings: Findings,
    /// Lines of the chunk.
    pub lines: u64,
    /// Records that went to the sink.
    pub records: u64,
    /// Lines that were rejected, byte for byte, each with its line break.
    pub rejected: Vec<u8>,
    /// How many lines were rejected.
    pub rejected_lines: u64,
    /// How many of the lines in `rejected` were left out as somebody asked for, beside those that were rejected.
    pub left_out_lines: u64,
    /// Where the records lie; empty for what is no VCF.
    pub sites: vcf::Sites,
}

impl<T> Parsed<T> {
    /// The same with something else made of its output.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed {
            output: make(self.output),
            findings: self.findings,
            lines: self.lines,
            records: self.records,
            rejected: self.rejected,
            rejected_lines: self.rejected_lines,
            left_out_lines: self.left_out_lines,
            sites: self.sites,
        }
    }
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
}

impl Pipe {
    /// A pipe with a pool of its own; `threads` of `None` means one per processor.
    pub fn new(threads: Option<usize>, chunk_bytes: usize) -> Result<Self> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.unwrap_or(0))
            .thread_name(|index| format!("worker-{index}"))
            // A worker that dies is noticed by whoever waits for its result; it must not take the process along.
            .panic_handler(|_| ())
            .build()
            .map_err(|error| {
                Error::internal("cannot start the worker threads").with_source(error)
            })?;
        Ok(Self { pool: Arc::new(pool), chunk_bytes: chunk_bytes.max(1), meter: Arc::default() })
    }

    /// The same pipe, which ends with [`ErrorKind::Interrupted`] once `stop` is set.
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
