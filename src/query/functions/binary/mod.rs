//! Bytes: as text and back, hashed, and as numbers.

pub mod encoding;
pub mod hash;
pub mod numbers;
