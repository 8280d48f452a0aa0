//! Functions over JSON, as in Trino's documentation of JSON functions.

mod arguments;
mod arrays;
mod extract;
mod standard;
mod texts;

use crate::query::scalar::ScalarFunction;

/// What SQL calls, as each file lists its own.
pub static FUNCTIONS: &[&[&ScalarFunction]] =
    &[arrays::FUNCTIONS, extract::FUNCTIONS, standard::FUNCTIONS, texts::FUNCTIONS];
