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

/// All others. A new function is a value in a file of this folder, and a line here.
static OTHERS: [&ScalarFunction; 12] = [
    &VARCHAR,
    &collection::CONTAINS,
    &number::IS_NAN,
    &number::IS_FINITE,
    &number::IS_INFINITE,
    &number::NAN,
    &number::INFINITY,
    &regexp::EXTRACT,
    &regexp::EXTRACT_ALL,
    &regexp::REPLACE,
    &text::SPLIT,
    &text::SPLIT_PART,
];

/// The scalar functions of this folder.
pub fn scalar() -> Vec<Arc<ScalarUDF>> {
    let mut all = vec![Arc::clone(&ELEMENT_AT), Arc::clone(&CARDINALITY)];
    all.extend(OTHERS.map(ScalarFunction::udf));
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
