//! Files as tables: `SELECT … FROM 'cohort.vcf.gz'`, for whoever may read files of this machine.
//!
//! ```text
//!  'cohort.vcf.gz' ──► reading ──────► scan ───────────────► DataFusion
//!                      format and      a thread pulls parsed
//!                      columns         chunks, in file order
//!                      index: parts of the file in a region
//! ```
//!
//! The columns are those that a store of the file would have, and its rows come through the same
//! parsers and sinks as those of an import. Parquet files are read by DataFusion.

mod contigs;
mod index;
mod parquet;
mod reading;
mod scan;
mod table;
mod told;

pub use index::FileIndex;
pub use scan::FileScan;
pub use table::{Files, named_in, names_files};
pub use told::Told;
