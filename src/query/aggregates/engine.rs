//! Functions that the engine computes, under Trino's names: their order, repeated rows and frames
//! are ours.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::any_value::any_value_udaf;
use datafusion::functions_aggregate::array_agg::array_agg_udaf;
use datafusion::functions_aggregate::bit_and_or_xor::{bit_and_udaf, bit_or_udaf, bit_xor_udaf};
use datafusion::functions_aggregate::bool_and_or::{bool_and_udaf, bool_or_udaf};
use datafusion::functions_aggregate::correlation::corr_udaf;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::covariance::{covar_pop_udaf, covar_samp_udaf};
use datafusion::functions_aggregate::regr::{regr_intercept_udaf, regr_slope_udaf};
use datafusion::functions_aggregate::stddev::{stddev_pop_udaf, stddev_udaf};
use datafusion::functions_aggregate::variance::{var_pop_udaf, var_samp_udaf};
use datafusion::logical_expr::AggregateUDF;

use super::function::{AggregateFunction, Means};

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[
    &engine("array_agg", &[], one, list, array_agg_udaf),
    // Some value that is not null.
    &engine("any_value", &["arbitrary"], one, same, any_value_udaf),
    &engine("bool_and", &["every"], boolean, same, bool_and_udaf),
    &engine("bool_or", &[], boolean, same, bool_or_udaf),
    &engine("bitwise_and_agg", &[], integer, same, bit_and_udaf),
    &engine("bitwise_or_agg", &[], integer, same, bit_or_udaf),
    &engine("bitwise_xor_agg", &[], integer, same, bit_xor_udaf),
    &engine("variance", &["var_samp"], number, same, var_samp_udaf),
    &engine("var_pop", &[], number, same, var_pop_udaf),
    &engine("stddev", &["stddev_samp"], number, same, stddev_udaf),
    &engine("stddev_pop", &[], number, same, stddev_pop_udaf),
    &engine("covar_samp", &[], numbers, same, covar_samp_udaf),
    &engine("covar_pop", &[], numbers, same, covar_pop_udaf),
    &engine("corr", &[], numbers, same, corr_udaf),
    &engine("regr_slope", &[], numbers, same, regr_slope_udaf),
    &engine("regr_intercept", &[], numbers, same, regr_intercept_udaf),
    &COUNT_IF,
];

/// Known by its name alone: it is planned as the `count` of a CASE.
static COUNT_IF: AggregateFunction = AggregateFunction {
    counts: true,
    ..engine("count_if", &[], boolean, |_| Ok(DataType::Int64), count_udaf)
};

type Types<T> = fn(&[DataType]) -> Result<T>;

const fn engine(
    name: &'static str,
    aliases: &'static [&'static str],
    arguments: Types<Vec<DataType>>,
    result: Types<DataType>,
    function: fn() -> Arc<AggregateUDF>,
) -> AggregateFunction {
    let means = Means::Engine(function);
    AggregateFunction { name, aliases, arguments, result, means, counts: false }
}

#[expect(clippy::unnecessary_wraps)] // As other results are.
fn same(types: &[DataType]) -> Result<DataType> {
    Ok(types[0].clone())
}

#[expect(clippy::unnecessary_wraps)] // As other results are.
fn list(types: &[DataType]) -> Result<DataType> {
    Ok(DataType::new_list(types[0].clone(), true))
}

fn one(types: &[DataType]) -> Result<Vec<DataType>> {
    if types.len() == 1 { Ok(types.to_vec()) } else { plan_err!("it takes one value") }
}

fn boolean(types: &[DataType]) -> Result<Vec<DataType>> {
    let [DataType::Boolean | DataType::Null] = types else {
        return plan_err!("it takes a condition");
    };
    Ok(vec![DataType::Boolean])
}

fn integer(types: &[DataType]) -> Result<Vec<DataType>> {
    match types {
        [it] if it.is_integer() || it.is_null() => Ok(vec![DataType::Int64]),
        _ => plan_err!("it takes an integer"),
    }
}

fn number(types: &[DataType]) -> Result<Vec<DataType>> {
    match types {
        [it] if it.is_numeric() || it.is_null() => Ok(vec![DataType::Float64]),
        _ => plan_err!("it takes a number"),
    }
}

fn numbers(types: &[DataType]) -> Result<Vec<DataType>> {
    if types.len() != 2 {
        return plan_err!("it takes two numbers");
    }
    Ok([number(&types[..1])?, number(&types[1..])?].concat())
}
