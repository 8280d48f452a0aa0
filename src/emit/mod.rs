//! Rows to the files of others: VCF, BCF, GFF3, BED, TSV and CSV, plain or BGZF, with an index.
//!
//! ```text
//!  lines ──► Emitter::piece ──────────► EmitFile::add ──► EmitFile::finish
//!            in workers: BCF records,   in order: bytes    file and index,
//!            BGZF blocks, places        and index          whole or not at all
//! ```
//!
//! Who has lines makes an [`Emitter`], which workers share: it turns about a mebibyte of whole
//! lines into a finished [`EmitPiece`]. One thread hands the pieces, in their order, to an
//! [`EmitFile`], which only copies bytes and moves places. The lines are text of the form, BCF's
//! too: they are VCF.

mod ahead;
mod bcf;
mod bed;
mod bgzf;
mod emitter;
mod file;
mod form;
mod gff;
mod header;
mod index;
mod percent;
mod places;
mod table;
mod target;
mod unfinished;
mod vcf;

pub use bcf::{BCF, Undeclared};
pub use bed::BED;
pub use emitter::{EmitPiece, Emitter};
pub use file::{Destination, EmitFile, Emitted, OpenOutput, check_absent, unwritable};
pub use form::LineForm;
pub use gff::GFF3;
pub use header::{contigs, definition, member};
pub use percent::{Codes, NO_CODES, append_code, begins_code};
pub use places::Places;
pub use table::{CSV, TSV};
pub use target::{FORMS, Target, endings};
pub use unfinished::Unfinished;
pub use vcf::VCF;

#[cfg(test)]
mod tests;
