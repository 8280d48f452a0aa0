//! Functions over numbers.
//!
//! ```text
//! numeric        what they share: which types there are, values mapped row by row
//! floats         roots, logarithms, angles, NaN and the infinities
//! rounding       what keeps the type: abs, sign, ceil, floor, round, truncate
//! bits           integers as bits
//! buckets        the greatest, the least, and where a number lies between others
//! distributions  probabilities
//! ```

pub mod bits;
pub mod buckets;
pub mod distributions;
pub mod floats;
mod numeric;
pub mod rounding;
