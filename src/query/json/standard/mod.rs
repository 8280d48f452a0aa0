//! Paths of the SQL standard: `lax $.a[*] ? (@.b > 1)`.
//!
//! ```text
//! tree      what a path is made of
//! parse     the tree of a text
//! evaluate  what a path gives of a value
//! ```

pub mod evaluate;
pub mod parse;
mod tree;
