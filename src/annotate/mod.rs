//! Values of stores put into the records of a VCF file.
//!
//! ```text
//!  file ──► chunks ──► worker: records ──► lookup in each store ──► lines ──► pieces ──► file
//!  read     whole              places      rows by alleles,         INFO      emit       in order
//!           lines                          or by overlap            grows
//! ```
//!
//! A chunk is worked on whole by one thread, as in `read`; only what goes into INFO is made anew,
//! all other bytes are copied. Stores are looked into by `lookup`, in bounded memory.

mod added;
mod assembly;
mod chunk;
mod counts;
mod entries;
mod fields;
mod filter;
mod header;
mod hit;
mod input;
mod lookup;
mod many;
mod names;
mod of_alleles;
mod of_entries;
mod of_rows;
mod opening;
mod overlap;
mod record;
mod region;
mod request;
mod run;
mod source;
mod told;
mod variants;

pub use counts::{RecordCounts, SourceCounts};
pub use request::{FieldRequest, OnMany, With};
pub use run::{AnnotateOptions, Annotated, annotate};
