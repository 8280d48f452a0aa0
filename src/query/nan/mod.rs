//! NaN as in Trino: `=`, `<`, `<=`, `>`, `>=`, BETWEEN and IN are false with it, `<>` is true, to
//! group and to sort it is one value above all numbers, and `-0.0` equals `0.0`.
//!
//! The engine compares floats in IEEE 754's total order instead: a negative NaN lies below all
//! numbers, a positive one above, and `-0.0` below `0.0`. That order is consistent, so the
//! optimizer may turn comparisons around, make joins of them and so on. It stays: what is compared
//! is replaced by what gives the right answer in that order.
//!
//! ```text
//! a < b      →  nan_highest(a) < nan_lowest(b)
//! a >= b     →  nan_lowest(a) >= nan_highest(b)
//! a = b      →  nan_highest(a) = nan_lowest(b)
//! GROUP BY a →  GROUP BY nan_highest(a)
//! ```
//!
//! It is done once, when the types of a plan are known and nothing is optimized yet, and only where
//! floats are compared. Each call also hides its column from the statistics of Parquet, which leave
//! NaN out: `a <> 1` may hold in a row group whose lowest and highest value is 1.

mod expressions;
mod functions;
mod plans;

pub use functions::{Nan, placed};
pub use plans::NanRule;
