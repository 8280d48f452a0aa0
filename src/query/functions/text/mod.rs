//! Functions over text. Characters are Unicode's code points, as in Trino.

pub mod distance;
pub mod edit;
pub mod letters;
pub mod parts;
pub mod shown;
