//! Checks, imports and queries genomic annotation files, as AWS `HealthOmics` annotation stores do, on this machine.
//!
//! ```text
//!  bytes ──► chunks of whole lines ──► columns + findings ──► Parquet row groups ──► one commit
//!  read::source   read::chunk              read::vcf              write             catalog
//!                (in parallel from here to the row group, order kept)  check judges the findings
//! ```
//!
//! The modules are declared in the order in which data meets them; each imports only from those above it.

pub mod model;

pub mod diagnostic;

pub mod read;

pub mod normalize;

pub mod check;

pub mod infer;

#[cfg(feature = "store")]
pub mod write;

#[cfg(feature = "store")]
pub mod catalog;

#[cfg(feature = "store")]
pub mod import;

#[cfg(feature = "store")]
pub mod service;

#[cfg(feature = "store")]
pub mod query;

#[cfg(feature = "store")]
pub mod api;

pub mod cli;

pub use model::{Account, Error, ErrorKind, Result};

#[cfg(feature = "store")]
pub use query::{Answer, CatalogTables, Engine, Options as QueryOptions};

#[cfg(feature = "store")]
pub use service::Service;
