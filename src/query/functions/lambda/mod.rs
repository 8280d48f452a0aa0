//! Functions that take lambdas.

mod arrays;
mod attempt;
mod function;
mod maps;
mod reduce;
mod sort;

use std::sync::Arc;

use datafusion::logical_expr::HigherOrderUDF;

use function::LambdaFunction;

/// What SQL calls, as each file lists its own.
static FUNCTIONS: [&[&LambdaFunction]; 3] = [arrays::FUNCTIONS, maps::FUNCTIONS, sort::FUNCTIONS];

/// The functions of this folder.
pub fn all() -> Vec<Arc<HigherOrderUDF>> {
    let mut all: Vec<_> = FUNCTIONS.iter().copied().flatten().map(|it| it.udf()).collect();
    all.push(reduce());
    all.push(Arc::new(HigherOrderUDF::new_from_impl(attempt::Try::new())));
    all
}

/// `reduce(array, initial, (state, element) -> state, state -> result)`
pub fn reduce() -> Arc<HigherOrderUDF> {
    Arc::new(HigherOrderUDF::new_from_impl(reduce::Reduce::new()))
}
