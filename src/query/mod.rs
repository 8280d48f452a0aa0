//! SQL over the versions of stores, with DataFusion.
//!
//! ```text
//!  SQL ──► dialect ──────► names ────────► session ────► version_table ──► Parquet
//!          Trino's forms   a view of the   DataFusion,   files, pruning,
//!          guard: one      catalog         planner,      attributes:
//!          query only                      functions     `info` as a map
//! ```
//!
//! An [`Engine`] computes on threads of its own; an [`Answer`] hands out batches one by one, so
//! that an answer of any size needs no more memory than the query itself. [`register`] gives the
//! same tables to a DataFusion session of somebody else.

mod abandoned;
mod aggregates;
mod answer;
mod attributes;
mod bounds;
mod casts;
mod columns;
mod concat;
mod condition;
mod constants;
mod correlated;
mod dialect;
mod empty_subqueries;
mod engine;
mod error;
mod explain;
mod faults;
mod fields;
mod files;
pub mod format;
mod functions;
mod guard;
mod in_lists;
mod in_region;
mod in_subqueries;
mod intervals;
mod join_keys;
mod json;
mod lifted;
mod likes;
mod listing;
mod maps;
mod memory;
mod merges;
mod missing;
mod multisets;
mod names;
mod nan;
mod nested;
mod notes;
mod numbers;
mod opening;
mod options;
mod overlap;
mod own_views;
mod parts;
mod physical;
mod planner;
mod plans;
mod prepared;
mod projections;
mod recursion;
mod region;
mod register;
mod rows;
mod running;
mod scalar;
mod scan;
mod session;
mod sort_keys;
mod spill;
mod sql_types;
mod statement;
mod threads;
mod types;
mod unique_keys;
mod unnest;
mod version_table;
mod vocabulary;
mod watch;
mod wide;
mod words;

pub use answer::{Answer, AnswerStream};
pub use attributes::append_float;
pub use condition::{Condition, check_condition};
pub use engine::Engine;
pub use files::{FileIndex, names_files};
pub use maps::map_entry;
pub use names::{CatalogTables, Tables, View, WithView, nearest, resolve};
pub use options::{DEFAULT_MEMORY, Options};
pub use region::Region;
pub use register::register;
pub use scan::{Scan, Scanned};
pub use types::quoted;
pub use version_table::VersionTable;
pub use vocabulary::Vocabulary;
