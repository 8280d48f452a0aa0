//! Counts what is in a file, in the same pass that checks it: a sink for each format, and what
//! their chunks add up to.

mod allele;
mod counts;
mod field;
mod tsv;
mod vcf;

pub use tsv::{TsvProfile, TsvProfiler};
pub use vcf::{VcfProfile, VcfProfiler, frequencies};
