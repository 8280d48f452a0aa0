//! Functions whose meaning in Trino (Athena) is not DataFusion's: registered under Trino's names,
//! over DataFusion's where both have one.
//!
//! Forms that are syntax rather than functions (`if`, `concat`) are rewritten in
//! [`super::dialect`].

mod array;
mod binary;
mod collection;
mod contig;
mod conversion;
mod data_size;
mod date;
mod format;
mod json;
mod lambda;
mod map;
mod named_type;
mod number;
mod regexp;
mod text;
mod url;

use std::sync::{Arc, LazyLock};

use datafusion::logical_expr::{HigherOrderUDF, ScalarUDF};

pub use date::spans::normal_interval;

use super::casts::{SHORTENED, VARCHAR};
use super::scalar::ScalarFunction;

/// What a subscript of an array becomes; one of a map is `element_at`.
pub static SUBSCRIPT: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(collection::ElementAt::subscript())));

/// `element_at(map, key)` and `element_at(array, index)`.
pub static ELEMENT_AT: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(collection::ElementAt::named())));

/// `cardinality(array | map)`
pub static CARDINALITY: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| collection::CARDINALITY.udf());

/// `||` where a side is an array.
pub static ARRAY_CONCAT: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| array::CONCAT.udf());

/// `map(keys, values)`
pub static MAP: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| map::MAP.udf());

/// An interval times a number.
pub static INTERVAL_TIMES: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| date::spans::INTERVAL_TIMES.udf());

/// A sum of intervals, or a difference.
pub static INTERVAL_SUM: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| date::spans::INTERVAL_SUM.udf());

/// How long an interval is.
pub static INTERVAL_LENGTH: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| date::spans::INTERVAL_LENGTH.udf());

/// The others, as each file lists its own.
static FUNCTIONS: &[&[&ScalarFunction]] = &[
    &[&VARCHAR, &SHORTENED],
    binary::encoding::FUNCTIONS,
    binary::hash::FUNCTIONS,
    binary::numbers::FUNCTIONS,
    contig::FUNCTIONS,
    data_size::FUNCTIONS,
    format::FUNCTIONS,
    named_type::FUNCTIONS,
    number::bits::FUNCTIONS,
    number::buckets::FUNCTIONS,
    number::distributions::FUNCTIONS,
    number::floats::FUNCTIONS,
    number::floats::OTHERS,
    number::rounding::FUNCTIONS,
    date::fields::FUNCTIONS,
    date::iso::FUNCTIONS,
    date::patterns::FUNCTIONS,
    date::spans::FUNCTIONS,
    date::units::FUNCTIONS,
    regexp::FUNCTIONS,
    text::distance::FUNCTIONS,
    text::edit::FUNCTIONS,
    text::letters::FUNCTIONS,
    text::parts::FUNCTIONS,
    text::shown::FUNCTIONS,
    url::FUNCTIONS,
];

/// The scalar functions of this folder.
pub fn scalar() -> Vec<Arc<ScalarUDF>> {
    let mut all = vec![Arc::clone(&ELEMENT_AT), Arc::clone(&CARDINALITY)];
    let others = FUNCTIONS
        .iter()
        .chain(array::FUNCTIONS)
        .chain(map::FUNCTIONS)
        .chain(json::FUNCTIONS)
        .copied();
    all.extend(date::zoned());
    all.extend(others.flatten().map(|it| it.udf()));
    all
}

/// The functions that take lambdas.
pub fn higher_order() -> Vec<Arc<HigherOrderUDF>> {
    let mut all = lambda::all();
    all.push(regexp::replace_each());
    all
}

/// `reduce(array, initial, (state, element) -> state, state -> result)`
pub fn reduce() -> Arc<HigherOrderUDF> {
    lambda::reduce()
}
