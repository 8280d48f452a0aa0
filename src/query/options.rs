//! What a query may use.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Memory of a query unless told otherwise: 1 GiB.
pub const DEFAULT_MEMORY: usize = 1 << 30;

/// Bytes of a batch of wide rows unless told otherwise.
const BATCH_BYTES: usize = 1 << 20;

/// What the queries of an engine may use.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads, and parts that a scan is cut into.
    pub threads: usize,
    /// Bytes of memory; sorts, windows and aggregations that need more go to disk, and a join that
    /// keeps more is an error.
    pub memory: usize,
    /// How long a query may take.
    pub timeout: Option<Duration>,
    /// A flag that ends the queries once it is set, by a signal for example.
    pub stop: Option<Arc<AtomicBool>>,
    /// Whether files of this machine can be read as tables: `FROM 'cohort.vcf.gz'`. Only for who
    /// may read them anyway, at a terminal of this machine.
    /// So can those of servers, `FROM 'https://…'` and `FROM 's3://…'`.
    pub files: bool,
    /// The AWS region of `s3://`, where no variable names one.
    pub aws_region: String,
    /// The only name of a database that statements may put before a store; any that no store has,
    /// where there is none.
    pub database: Option<String>,
    /// About how many bytes a batch of wide rows has: more for who reads them all and keeps none.
    pub batch_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let memory = DEFAULT_MEMORY;
        Self {
            threads,
            memory,
            timeout: None,
            stop: None,
            files: false,
            aws_region: "us-east-1".to_owned(),
            database: None,
            batch_bytes: BATCH_BYTES,
        }
    }
}
