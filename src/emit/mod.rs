//! Rows to the files of others: VCF, BCF, GFF3, BED, TSV and CSV, plain or BGZF, with an index.
//!
//! ```text
//!  lines ──► Emitter::piece ──────────► EmitFile::add ──► EmitFile::finish
//!            in workers: BCF records,   in order: bytes    file and index,
//!            BGZF blocks, places        and index          whole or not at all
//! ```
//!
//! Without the feature `store` there is only what puts bytes into files: blocks, and files that
//! appear whole.
//!
//! Who has lines makes an [`Emitter`], which workers share: it turns about a mebibyte of whole
//! lines into a finished [`EmitPiece`]. One thread hands the pieces, in their order, to an
//! [`EmitFile`], which only copies bytes and moves places. The lines are text of the form, BCF's
//! too: they are VCF.

mod ahead;
#[cfg(feature = "store")]
mod bcf;
#[cfg(feature = "store")]
mod bed;
pub mod bgzf;
#[cfg(feature = "store")]
mod emitter;
#[cfg(feature = "store")]
mod file;
#[cfg(feature = "store")]
mod form;
#[cfg(feature = "store")]
mod gff;
#[cfg(feature = "store")]
mod header;
#[cfg(feature = "store")]
mod index;
mod output;
#[cfg(feature = "store")]
mod percent;
#[cfg(feature = "store")]
mod places;
#[cfg(feature = "store")]
mod table;
#[cfg(feature = "store")]
mod target;
mod unfinished;
#[cfg(feature = "store")]
mod vcf;

pub use output::{Destination, OpenOutput, check_absent, unwritable};
pub use unfinished::Unfinished;

#[cfg(feature = "store")]
pub use bcf::{BCF, Undeclared};
#[cfg(feature = "store")]
pub use bed::BED;
#[cfg(feature = "store")]
pub use emitter::{EmitPiece, Emitter};
#[cfg(feature = "store")]
pub use file::{EmitFile, Emitted};
#[cfg(feature = "store")]
pub use form::LineForm;
#[cfg(feature = "store")]
pub use gff::GFF3;
#[cfg(feature = "store")]
pub use header::{contigs, definition, member};
#[cfg(feature = "store")]
pub use percent::{Codes, NO_CODES, append_code, begins_code};
#[cfg(feature = "store")]
pub use places::Places;
#[cfg(feature = "store")]
pub use table::{CSV, TSV};
#[cfg(feature = "store")]
pub use target::{FORMS, Target, endings};
#[cfg(feature = "store")]
pub use vcf::VCF;

#[cfg(all(test, feature = "store"))]
mod tests;
