//! What is right or wrong in a TSV file that can be read. The parser calls these; none of them
//! reads.

pub mod allele;
pub mod header;
pub mod quotes;
pub mod schema;
