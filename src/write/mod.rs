//! Batches of rows become the Parquet files of one version.

mod columns;
mod encode;
mod group;
mod order;
pub mod schema;
mod vcf;
mod version_writer;

pub use order::Covered;
pub use vcf::{VcfBatch, VcfLayout, VcfRows};
pub use version_writer::{VersionWriter, WrittenFile};
