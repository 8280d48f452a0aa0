//! Functions over maps, as in Trino's documentation of map functions.

mod make;
mod parts;
pub mod unique;

pub use make::MAP;

use crate::query::scalar::ScalarFunction;

/// What SQL calls, as each file lists its own.
pub static FUNCTIONS: &[&[&ScalarFunction]] = &[make::FUNCTIONS, parts::FUNCTIONS];
