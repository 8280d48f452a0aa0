//! Functions over arrays, as in Trino's documentation of array functions.

mod elements;
mod make;
mod order;
mod parts;
mod sequence;
mod sets;
mod text;
pub mod types;
mod vectors;

pub use make::CONCAT;

use crate::query::scalar::ScalarFunction;

/// What SQL calls, as each file lists its own.
pub static FUNCTIONS: &[&[&ScalarFunction]] = &[
    elements::FUNCTIONS,
    make::FUNCTIONS,
    order::FUNCTIONS,
    parts::FUNCTIONS,
    sequence::FUNCTIONS,
    sets::FUNCTIONS,
    text::FUNCTIONS,
    vectors::FUNCTIONS,
];
