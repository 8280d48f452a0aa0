//! Arithmetic as in Trino: literals with a point are exact decimals, decimals beside floats become
//! floats, results that do not fit their type are errors.
//!
//! ```text
//! a + b        operators   a function of the types of both, planned in the operator's place
//! x = 0.5      coercion    common types, before DataFusion decides on them
//! VALUES       relations   the same for the cells of a column; TABLESAMPLE
//! ```

mod coercion;
pub mod decimal;
mod operators;
mod relations;

pub use coercion::analyzer_rules;
pub use operators::{ArithmeticPlanner, IntegerPlanner, is_arithmetic, negated};
pub use relations::RelationsPlanner;
