//! Aggregate functions whose meaning in Trino (Athena) is not DataFusion's, under Trino's names and
//! in the place of DataFusion's where both have one.
//!
//! ```text
//! function  a function as data; DISTINCT, ORDER BY and frames for all of them
//! kept      rows that are kept until the result is computed of them
//! shift     `lag` and `lead` by columns
//! sums ...  the functions, as each file lists its own
//! ```

mod accumulators;
mod approx;
mod best;
mod bounded;
mod checksum;
mod collected;
mod counted;
mod digest;
mod distinct;
mod engine;
mod function;
mod kept;
mod moments;
mod planner;
mod shift;
mod spans;
mod sums;
mod totals;

pub use planner::AggregatePlanner;

use std::sync::Arc;

use datafusion::execution::SessionStateDefaults;
use datafusion::logical_expr::AggregateUDF;

use function::AggregateFunction;

/// The functions, as each file lists its own.
static FUNCTIONS: [&[&AggregateFunction]; 9] = [
    approx::FUNCTIONS,
    best::FUNCTIONS,
    checksum::FUNCTIONS,
    collected::FUNCTIONS,
    counted::FUNCTIONS,
    distinct::FUNCTIONS,
    engine::FUNCTIONS,
    moments::FUNCTIONS,
    sums::FUNCTIONS,
];

/// DataFusion's aggregate functions, and ours in the place of those of the same name.
pub fn aggregates() -> Vec<Arc<AggregateUDF>> {
    let mut all = SessionStateDefaults::default_aggregate_functions();
    // A later function replaces an earlier one of the same name.
    all.extend(FUNCTIONS.iter().copied().flatten().map(|it| it.udf()));
    all
}
