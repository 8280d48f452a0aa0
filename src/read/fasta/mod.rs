//! FASTA as a reference: an index made from the bytes themselves, and the bases of any stretch in
//! bounded memory.
//!
//! A `.fai` beside the file is never believed. The layout of the lines is found out by one pass
//! over all bytes (`index`), and every stretch that is read later has to have that layout still
//! ([`open`](Fasta::open)).

mod bytes;
mod fai;
mod file;
mod index;
mod scan;

pub use fai::{Staleness, compare_fai};
pub use file::Fasta;
pub use index::{Contig, FastaIndex, Stamp};
pub use scan::{Digests, index};

pub use super::bgzf::BlockStart;
