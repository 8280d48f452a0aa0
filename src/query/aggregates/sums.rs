//! `sum` and `avg`. Integers and decimals are added up in 128 bits, which no number of rows that
//! there can be overflows where they have 64; so no order of rows and threads shows, and what does
//! not fit the type in the end is an error. Floats are added up in 64 bits, also those of 32.

use arrow::datatypes::{DataType, Decimal128Type, Float64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{Accumulator, GroupsAccumulator};

use super::accumulators::{Frame, Groups, One};
use super::function::{AggregateFunction, Folds, Means};
use super::spans::{SPAN, is_span};
use super::totals::{Gives, Sum, is_float, state};
use crate::query::numbers::decimal;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&SUM, &AVG];

/// `sum(x)`: of integers a bigint, of decimals one of 38 digits, of intervals one.
static SUM: AggregateFunction = AggregateFunction {
    name: "sum",
    aliases: &[],
    arguments: |types| number(types, "sum"),
    result: |types| {
        Ok(match &types[0] {
            DataType::Decimal128(_, scale) => DataType::Decimal128(decimal::DIGITS, *scale),
            float @ (DataType::Float32 | DataType::Float64) => float.clone(),
            span if is_span(span) => SPAN,
            _ => DataType::Int64,
        })
    },
    means: Means::Folds(Folds {
        state: |types| Ok(state(&types[0])),
        start: |types, result| Ok(started(&types[0], result, Gives::Sum)),
        groups: Some(|types, result| Ok(grouped(&types[0], result, Gives::Sum))),
        frame: Some(|types, result| Ok(framed(&types[0], result, Gives::Sum))),
    }),
    counts: false,
};

/// `avg(x)`: of integers a double, of decimals one of the same type.
static AVG: AggregateFunction = AggregateFunction {
    name: "avg",
    aliases: &[],
    arguments: |types| number(types, "avg"),
    result: |types| {
        Ok(match &types[0] {
            same @ (DataType::Decimal128(..) | DataType::Float32) => same.clone(),
            span if is_span(span) => SPAN,
            _ => DataType::Float64,
        })
    },
    means: Means::Folds(Folds {
        state: |types| Ok(state(&types[0])),
        start: |types, result| Ok(started(&types[0], result, Gives::Mean)),
        groups: Some(|types, result| Ok(grouped(&types[0], result, Gives::Mean))),
        frame: Some(|types, result| Ok(framed(&types[0], result, Gives::Mean))),
    }),
    counts: false,
};

fn number(types: &[DataType], function: &str) -> Result<Vec<DataType>> {
    use DataType::{
        Decimal128, Float16, Float32, Float64, Int8, Int16, Int32, Int64, Null, UInt8, UInt16,
        UInt32, UInt64,
    };
    let [given] = types else { return plan_err!("{function} takes one number") };
    Ok(vec![match given {
        Int8 | Int16 | Int32 | Int64 | Decimal128(..) | Float32 | Float64 => given.clone(),
        span if is_span(span) => span.clone(),
        UInt8 | UInt16 | UInt32 | UInt64 | Null => Int64,
        Float16 => Float32,
        other => {
            return plan_err!("{function} takes numbers and intervals, not {}", sql_type(other));
        }
    }])
}

fn started(given: &DataType, result: &DataType, what: Gives) -> Box<dyn Accumulator> {
    let sum = Sum::new(given, result, what);
    if is_float(given) {
        Box::new(One::<Float64Type>::new(sum))
    } else {
        Box::new(One::<Decimal128Type>::new(sum))
    }
}

fn framed(given: &DataType, result: &DataType, what: Gives) -> Box<dyn Accumulator> {
    if is_float(given) {
        let sum = Sum::new(given, result, what);
        return Box::new(Frame::new(sum));
    }
    started(given, result, what)
}

fn grouped(given: &DataType, result: &DataType, what: Gives) -> Box<dyn GroupsAccumulator> {
    let sum = Sum::new(given, result, what);
    if is_float(given) {
        Box::new(Groups::<Float64Type>::new(sum))
    } else {
        Box::new(Groups::<Decimal128Type>::new(sum))
    }
}
