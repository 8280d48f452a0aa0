//! What is right or wrong in a row of GFF3 that can be read. The parser calls these; none of them
//! reads.

pub mod repeats;
pub mod row;
pub mod tags;
pub mod values;
