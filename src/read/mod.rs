//! Bytes become chunks of whole lines, and those become columns and findings.
//!
//! Decompression and parsing run on the threads of a pool, in pieces whose results are put back in
//! file order, so that neither the number of threads nor the size of a chunk shows in any result.

pub mod bcf;
pub mod bgzf;
pub mod chunk;
pub mod fasta;
mod format;
mod gate;
pub mod gff;
mod gzip;
mod header_text;
mod input;
pub mod lines;
pub(crate) mod number;
pub mod ordered;
mod pipe;
pub mod recognize;
mod records;
mod report;
pub mod source;
pub mod spare;
pub mod spool;
mod stdin;
mod texts;
mod totals;
pub mod tsv;
pub mod vcf;

pub use format::{Beginning, Format, Pieces, Reader};
pub use gate::{Admission, Role, Variant};
pub use header_text::{HeaderKeeper, HeaderText};
pub use pipe::{DEFAULT_CHUNK_BYTES, Meter, Pipe};
pub use records::{Parsed, RecordPlaces, Records};
pub use report::LineReport;
pub use totals::{CheckScope, FirstLines, Totals};
