//! What sums are computed in: 128 bits for integers and decimals, 64 for floats.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, AsArray, Float32Array, Float64Array,
    Int64Array, PrimitiveArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType,
};
use datafusion::common::{DataFusionError, Result};

use super::spans::{SPAN, is_span, of_number, to_number};
use crate::query::faults::of_value;
use crate::query::numbers::decimal;
use crate::query::types::sql_type;

/// The types of a total and of how many values it is of.
pub fn state(given: &DataType) -> Vec<DataType> {
    let total = match given {
        DataType::Float32 | DataType::Float64 => DataType::Float64,
        DataType::Decimal128(_, scale) => DataType::Decimal128(decimal::DIGITS, *scale),
        _ => DataType::Decimal128(decimal::DIGITS, 0),
    };
    vec![total, DataType::Int64]
}

/// Whether values are added up as floats.
pub fn is_float(given: &DataType) -> bool {
    matches!(given, DataType::Float32 | DataType::Float64)
}

/// What is made of a total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gives {
    /// The total itself.
    Sum,
    /// The total through the count.
    Mean,
}

/// The types of a sum or a mean.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The type of the total.
    pub total: DataType,
    result: DataType,
    what: Gives,
}

impl Sum {
    /// The sum for values of a type.
    pub fn new(given: &DataType, result: &DataType, what: Gives) -> Self {
        let total = state(given).swap_remove(0);
        Self { total, result: result.clone(), what }
    }

    /// The error of a total or a result that its type does not hold.
    pub fn too_large(&self) -> DataFusionError {
        let name = if self.what == Gives::Sum { "sum" } else { "avg" };
        let fault = format!("the result of {name} is too large for {}", sql_type(&self.result));
        of_value(&fault, "CAST what is added up to double, or to decimal(38, 0) if it is whole")
    }
}

/// What totals are computed in.
pub trait Total:
    ArrowPrimitiveType<Native: ArrowNativeTypeOp + Debug> + Debug + Send + Sync
{
    /// The values of the array that are not null, with their places; an error ends it.
    fn each(values: &ArrayRef, visit: impl FnMut(usize, Self::Native) -> Option<()>) -> Option<()>;

    /// The results of totals and counts; null where nothing was counted.
    fn results(totals: &[Self::Native], counts: &[i64], sum: &Sum) -> Result<ArrayRef>;

    /// The sum of two, where there is room for it.
    fn plus(left: Self::Native, right: Self::Native) -> Option<Self::Native>;
}

fn visited<T: ArrowPrimitiveType>(
    values: &ArrayRef,
    mut visit: impl FnMut(usize, T::Native) -> Option<()>,
) -> Option<()> {
    let values = values.as_primitive::<T>();
    match values.nulls().filter(|it| it.null_count() > 0) {
        None => values.values().iter().enumerate().try_for_each(|(at, it)| visit(at, *it)),
        Some(nulls) => nulls.valid_indices().try_for_each(|at| visit(at, values.value(at))),
    }
}

impl Total for Decimal128Type {
    fn each(values: &ArrayRef, mut visit: impl FnMut(usize, i128) -> Option<()>) -> Option<()> {
        match values.data_type() {
            DataType::Int8 => visited::<Int8Type>(values, |at, it| visit(at, it.into())),
            DataType::Int16 => visited::<Int16Type>(values, |at, it| visit(at, it.into())),
            DataType::Int32 => visited::<Int32Type>(values, |at, it| visit(at, it.into())),
            DataType::Int64 => visited::<Int64Type>(values, |at, it| visit(at, it.into())),
            span if is_span(span) => {
                let spans = cast(values, &SPAN).ok()?;
                visited::<IntervalMonthDayNanoType>(&spans, |at, it| visit(at, to_number(it)))
            }
            _ => visited::<Decimal128Type>(values, visit),
        }
    }

    fn results(totals: &[i128], counts: &[i64], sum: &Sum) -> Result<ArrayRef> {
        let pairs = || totals.iter().copied().zip(counts.iter().copied());
        let fits = |it: Option<i128>| match it.and_then(|it| decimal::within(it, decimal::DIGITS)) {
            Some(it) => Ok(it),
            None => Err(sum.too_large()),
        };
        Ok(match (sum.what, &sum.result) {
            (Gives::Mean, DataType::Float64) => {
                // Exact sums: only their division rounds.
                #[expect(clippy::cast_precision_loss)]
                let mean = |(total, count)| (count > 0).then(|| total as f64 / count as f64);
                Arc::new(pairs().map(mean).collect::<Float64Array>())
            }
            (gives, DataType::Decimal128(digits, scale)) => {
                let value = |(total, count): (i128, i64)| {
                    if count == 0 {
                        return Ok(None);
                    }
                    let value = match gives {
                        Gives::Sum => Some(total),
                        Gives::Mean => decimal::quotient(total, 0, count.into()),
                    };
                    fits(value).map(Some)
                };
                let values = pairs().map(value).collect::<Result<PrimitiveArray<Self>>>()?;
                Arc::new(values.with_precision_and_scale(*digits, *scale)?)
            }
            (gives, span) if is_span(span) => {
                let span = |(total, count): (i128, i64)| {
                    if count == 0 {
                        return Ok(None);
                    }
                    let through = if gives == Gives::Mean { count } else { 1 };
                    of_number(total, through).map(Some).ok_or_else(|| sum.too_large())
                };
                let spans = pairs().map(span);
                Arc::new(spans.collect::<Result<PrimitiveArray<IntervalMonthDayNanoType>>>()?)
            }
            _ => {
                let value = |(total, count): (i128, i64)| match i64::try_from(total) {
                    _ if count == 0 => Ok(None),
                    Ok(total) => Ok(Some(total)),
                    Err(_) => Err(sum.too_large()),
                };
                Arc::new(pairs().map(value).collect::<Result<Int64Array>>()?)
            }
        })
    }

    fn plus(left: i128, right: i128) -> Option<i128> {
        left.checked_add(right)
    }
}

impl Total for Float64Type {
    fn each(values: &ArrayRef, mut visit: impl FnMut(usize, f64) -> Option<()>) -> Option<()> {
        match values.data_type() {
            DataType::Float32 => visited::<Float32Type>(values, |at, it| visit(at, it.into())),
            _ => visited::<Float64Type>(values, visit),
        }
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn results(totals: &[f64], counts: &[i64], sum: &Sum) -> Result<ArrayRef> {
        let values = totals.iter().zip(counts).map(|(total, count)| {
            let divisor = if sum.what == Gives::Mean { *count as f64 } else { 1.0 };
            (*count > 0).then_some(total / divisor)
        });
        Ok(match sum.result {
            DataType::Float32 => {
                Arc::new(values.map(|it| it.map(|it| it as f32)).collect::<Float32Array>())
            }
            _ => Arc::new(values.collect::<Float64Array>()),
        })
    }

    fn plus(left: f64, right: f64) -> Option<f64> {
        Some(left + right)
    }
}

/// Totals and counts as the state has them.
pub fn states<T: Total>(totals: Vec<T::Native>, counts: Vec<i64>, sum: &Sum) -> Vec<ArrayRef> {
    let totals = PrimitiveArray::<T>::new(totals.into(), None);
    vec![Arc::new(totals.with_data_type(sum.total.clone())), Arc::new(Int64Array::from(counts))]
}
