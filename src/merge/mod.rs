//! The rows of a version as one sorted stream.
//!
//! A version is files that are each sorted by contig and start, each contig in the order in which
//! its import met it. A [`SortedRows`] puts them together in bounded memory: files that do not
//! overlap follow one another, those that do are merged row by row, and a file is opened when the
//! stream comes to its first row. What rows pass is decided by SQL, which each file answers for
//! itself.

mod files;
mod order;
mod rows;

pub use files::OpenVersion;
pub use order::ContigOrder;
pub use rows::{RowsWanted, SortedRows, ask};
