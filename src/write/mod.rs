//! Batches of rows become the Parquet files of one version.

mod annotation;
mod block_checksums;
mod columns;
mod constant;
mod encode;
mod gather;
mod gff;
mod group;
mod hashed;
mod new_files;
mod numbers;
mod order;
mod repeat;
mod room;
mod samples;
pub mod schema;
mod shared;
#[cfg(test)]
mod tests;
mod tsv;
mod vcf;
mod version_writer;
mod wanted;

pub use block_checksums::{BlockChecksums, BlockHasher};
pub use gff::{GffLayout, GffRows};
pub use new_files::{FileWriter, NewFiles, OnDisk};
pub use numbers::RecordNumbers;
pub use order::{CoordinateNames, Covered, tsv_columns};
pub use tsv::{TsvLayout, TsvRows};
pub use vcf::{VcfLayout, VcfRows};
pub use version_writer::{VersionWriter, WrittenFile};
pub use wanted::Wanted;

use std::collections::BTreeSet;

use arrow::array::RecordBatch;

use crate::model::Error;

fn unsound(error: arrow::error::ArrowError) -> Error {
    Error::internal("the columns of a chunk do not fit together").with_source(error)
}

/// Keys of `info_other` that are listed for a file; with more, any key may be there.
pub const MAX_OTHER_KEYS: usize = 10_000;

/// The rows of a chunk.
#[derive(Debug)]
pub struct Rows {
    /// The rows.
    pub batch: RecordBatch,
    /// The keys that `info_other` has in them (VCF), or one more than [`MAX_OTHER_KEYS`] of them.
    pub other_keys: BTreeSet<String>,
}
