//! The rows of a version as one sorted stream.
//!
//! A version is files that are each sorted by contig and start, each contig in the order in which
//! its import met it. A [`SortedRows`] puts them together in bounded memory: files that do not
//! overlap follow one another, those that do are merged row by row, and a file is opened when the
//! stream comes to its first row. What rows pass is decided by SQL, which each file answers for
//! itself. [`SideBySide`] cuts two such streams at the same places.
//! [`StoredFile`] is a data file for who reads its pages without SQL.

mod beside;
mod files;
mod nulls;
mod order;
mod places;
mod rows;
mod stored;

pub use beside::{PlacedRows, SideBySide};
pub use files::OpenVersion;
pub use order::ContigOrder;
pub use places::RowPlace;
pub use rows::{RowsWanted, SortedRows, ask, check_condition};
pub use stored::StoredFile;
