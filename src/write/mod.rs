//! Batches of rows become the Parquet files of one version.

pub mod schema;
