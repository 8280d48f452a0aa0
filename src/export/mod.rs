//! A version, or an answer, as a file of others: one screen over sorted rows, lines and `emit`.
//!
//! ```text
//!  SortedRows ──► Units ─────────► Lines::append ──► Emitter::piece ──► EmitFile
//!  merge::        whole records    rows to text      blocks, places     in order
//!                                  └────────── in workers ───────┘
//! ```
//!
//! What comes out is what `import` takes in: `import(export(v)) = v` for every row and value, but
//! for what an import makes anew (`importjobid`) and how numbers are spelled.

mod answer;
mod bed;
mod gff;
mod header;
mod lines;
mod of_tables;
mod of_vcf;
mod planned;
mod request;
mod run;
mod samples;
mod selection;
mod table;
mod units;
mod values;
mod vcf;
mod wide;

pub use answer::{emit_answer, takes_answers};
pub use request::{ExportForm, ExportRequest, Exported};
pub use run::export;

pub(crate) use header::VcfHeader;
pub(crate) use of_vcf::key_of;
pub(crate) use run::write;
pub(crate) use values::{ColumnValues, Spelling};
pub(crate) use vcf::{InfoSource, VcfLines};
