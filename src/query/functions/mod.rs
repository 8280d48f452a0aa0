//! Functions whose meaning in Trino (Athena) is not DataFusion's: registered under Trino's names,
//! over DataFusion's where both have one.
//!
//! Forms that are syntax rather than functions (`if`, `concat`) are rewritten in
//! [`super::dialect`].

mod attempt;
mod collection;
mod number;
mod reduce;
mod regexp;
mod text;

use std::sync::{Arc, LazyLock};

use datafusion::execution::SessionStateDefaults;
use datafusion::logical_expr::{HigherOrderUDF, ScalarUDF};

use super::casts::VARCHAR;
use super::scalar::ScalarFunction;

/// `element_at(map, key)` and `element_at(array, index)`, also what a subscript becomes.
pub static ELEMENT_AT: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(collection::ElementAt::new())));

/// `cardinality(array | map)`
pub static CARDINALITY: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| collection::CARDINALITY.udf());

/// The others, as each file lists its own.
static FUNCTIONS: [&[&ScalarFunction]; 5] =
    [&[&VARCHAR], collection::FUNCTIONS, number::FUNCTIONS, regexp::FUNCTIONS, text::FUNCTIONS];

/// The scalar functions of this folder.
pub fn scalar() -> Vec<Arc<ScalarUDF>> {
    let mut all = vec![Arc::clone(&ELEMENT_AT), Arc::clone(&CARDINALITY)];
    all.extend(FUNCTIONS.iter().copied().flatten().map(|it| it.udf()));
    all
}

/// The functions that take lambdas: DataFusion's, under Trino's names too, and `reduce`.
pub fn higher_order() -> Vec<Arc<HigherOrderUDF>> {
    let trino = |it: &Arc<HigherOrderUDF>| match it.name() {
        "array_filter" => Some(it.as_ref().clone().with_aliases(["filter"])),
        "array_transform" => Some(it.as_ref().clone().with_aliases(["transform"])),
        _ => None,
    };
    let defaults = SessionStateDefaults::default_higher_order_functions();
    let mut all: Vec<_> = defaults.into_iter().map(|it| trino(&it).map_or(it, Arc::new)).collect();
    all.push(reduce());
    all.push(Arc::new(HigherOrderUDF::new_from_impl(attempt::Try::new())));
    all
}

/// `reduce(array, initial, (state, element) -> state, state -> result)`
pub fn reduce() -> Arc<HigherOrderUDF> {
    Arc::new(HigherOrderUDF::new_from_impl(reduce::Reduce::new()))
}
