//! What a file is, by its name and its first bytes: told here alone.
//!
//! What is none of the formats that are read is refused as what it is, by whoever opens it. What is
//! one of them under a name that does not say so is read as that, or named.

mod foreign;
mod kind;
mod peek;

pub use foreign::{Content, Foreign, foreign_content, foreign_input, is_bcf};
pub use kind::FileKind;
pub use peek::{MARK, PEEKED};
