//! Checks, imports, queries and serves genomic annotation files, as AWS `HealthOmics` annotation
//! stores do, on this machine.
//!
//! ```text
//!  path, pipe ─► bytes ─► chunks ─► parser ──► gate ────► sink ──────► row ───► commit ─► SQL
//!  or s3://      read::   whole     read::vcf  normalize  columns      groups   catalog   query
//!                source   lines     read::tsv  aligns,    write::vcf   write
//!                                   read::gff  splits     write::tsv   Parquet
//!                                   judges     variants   write::gff
//!                         └── on all threads, put back in the order of the file ──┘
//! ```
//!
//! `check` is the same way with a sink that counts: there is one parser for each format. `import`
//! is the one place where all stages meet, `service` has the operations of the API, `api` answers
//! them over HTTP, and `cli` in a terminal. The modules are declared in the order in which data
//! meets them; each imports only from those above it.
//!
//! # As a library
//!
//! - [`check::check`] says what is wrong with a file, as a [`Report`] of findings.
//! - [`infer::infer`] finds out how a TSV file is to be read.
//! - [`Service`] has the stores of a home: it makes, lists, shares and deletes them.
//! - [`import::import`] brings a file into a store, whole or not at all.
//! - [`Engine`] answers SQL as Athena does; [`query::register`] puts the stores into a DataFusion
//!   session of your own.
//!
//! Every failure is an [`Error`] with a kind to act on, where it happened, and what to do. The
//! folder `examples` has a program for each of these.
//!
//! ```
//! use annostore::check::{CheckOptions, check};
//! use annostore::{DEFAULT_CHUNK_BYTES, Pipe, VcfReading};
//!
//! # let folder = tempfile::tempdir()?;
//! let path = folder.path().join("a.vcf");
//! # let path = path.to_str().ok_or("a path that is no text")?;
//! std::fs::write(path, "##fileformat=VCFv4.2\n\
//!     #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
//!     1\t7\t.\tA\tQ\t.\tPASS\t.\n")?;
//! let pipe = Pipe::new(None, DEFAULT_CHUNK_BYTES)?;
//! let report = check(path, &pipe, &VcfReading::default(), &CheckOptions::default())?;
//! let finding = &report.findings.kept()[0];
//! assert_eq!((finding.at.line, finding.value.as_str()), (3, "Q"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod model;

pub mod diagnostic;

#[doc(hidden)]
pub mod read;

#[doc(hidden)]
pub mod normalize;

pub mod check;

pub mod infer;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod objects;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod write;

#[doc(hidden)]
pub mod emit;

pub mod fix;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod catalog;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod iceberg;

#[cfg(feature = "store")]
pub mod import;

#[cfg(feature = "store")]
pub mod service;

#[cfg(feature = "store")]
pub mod query;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod merge;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod annotate;

#[cfg(feature = "store")]
pub mod export;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod diff;

#[cfg(feature = "store")]
#[doc(hidden)]
pub mod api;

#[doc(hidden)]
pub mod cli;

pub use diagnostic::report::Report;
pub use model::{Account, Error, ErrorKind, Result};
pub use read::gff::GffReading;
pub use read::source::Input;
pub use read::tsv::TsvReading;
pub use read::vcf::VcfReading;
pub use read::{DEFAULT_CHUNK_BYTES, Pipe};

#[cfg(feature = "store")]
pub use catalog::{Catalog, ImportRun, Job, JobStatus, Share, Store, Version};

#[cfg(feature = "store")]
pub use query::{Answer, CatalogTables, Engine, Options as QueryOptions};

#[cfg(feature = "store")]
pub use service::Service;
