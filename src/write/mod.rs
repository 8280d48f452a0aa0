//! Batches of rows become the Parquet files of one version.

mod columns;
mod encode;
mod group;
mod order;
pub mod schema;
mod vcf;
mod version_writer;

pub use order::{CoordinateNames, Covered};
pub use vcf::{VcfLayout, VcfRows};
pub use version_writer::{VersionWriter, WrittenFile};

use std::collections::BTreeSet;

use arrow::array::RecordBatch;

/// The rows of a chunk.
#[derive(Debug)]
pub struct Rows {
    /// The rows.
    pub batch: RecordBatch,
    /// The keys that `info_other` has in them (VCF).
    pub other_keys: BTreeSet<String>,
}
