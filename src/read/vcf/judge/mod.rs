//! What is right or wrong in a VCF file, beyond what reading it needs. The parser calls these;
//! none of them reads.

pub mod allele;
pub mod contig;
pub mod counts;
pub mod definition;
mod elements;
mod fault;
pub mod filter;
pub mod format;
pub mod format_name;
pub mod genotype;
pub mod glow;
pub mod htsjdk;
pub mod id;
pub mod info;
pub mod quality;
pub mod reserved;
pub mod sample;
pub mod structural;
pub mod syntax;
