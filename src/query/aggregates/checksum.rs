//! `checksum`: a number that does not depend on the order of values.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;
use twox_hash::XxHash64;

use super::function::{AggregateFunction, Folds, Means};

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&CHECKSUM];

/// `checksum(x)`: the sum of the hashes of all values (Trino, `ChecksumAggregationFunction`). Those
/// of integers, doubles, booleans and texts are Trino's, those of other types are not.
static CHECKSUM: AggregateFunction = AggregateFunction {
    name: "checksum",
    aliases: &[],
    arguments: |types| {
        if types.len() == 1 { Ok(types.to_vec()) } else { plan_err!("checksum takes one value") }
    },
    result: |_| Ok(DataType::Binary),
    means: Means::Folds(Folds {
        state: |_| Ok(vec![DataType::Int64]),
        start: |_, _| Ok(Box::new(Checksum { sum: None })),
        groups: None,
        frame: None,
    }),
    counts: false,
};

const PRIME: i64 = 0x9E37_79B1_85EB_CA87_u64.cast_signed();

#[derive(Debug)]
struct Checksum {
    sum: Option<i64>,
}

impl Checksum {
    fn add(&mut self, hash: Option<u64>) {
        let hash = hash.map_or(1, u64::cast_signed);
        self.sum = Some(self.sum.unwrap_or(0).wrapping_add(hash.wrapping_mul(PRIME)));
    }
}

impl Accumulator for Checksum {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = &values[0];
        match values.data_type() {
            it if it.is_string() => {
                let texts = cast(values, &DataType::Utf8)?;
                let texts = texts.as_string::<i32>().iter();
                texts.for_each(|it| self.add(it.map(|it| XxHash64::oneshot(0, it.as_bytes()))));
            }
            it if it.is_integer() || matches!(it, DataType::Boolean | DataType::Date32) => {
                let wide = match it {
                    DataType::Date32 => cast(values, &DataType::Int32)?,
                    _ => Arc::clone(values),
                };
                let wide = cast(&wide, &DataType::Int64)?;
                let integers = wide.as_primitive::<Int64Type>().iter();
                integers.for_each(|it| {
                    self.add(it.map(|it| XxHash64::oneshot(0, &it.to_le_bytes())));
                });
            }
            DataType::Float64 => {
                let floats = values.as_primitive::<Float64Type>().iter();
                floats.for_each(|it| {
                    let bits = it.map(|it| if it == 0.0 { 0 } else { it.to_bits() });
                    self.add(bits.map(|it| XxHash64::oneshot(0, &it.to_le_bytes())));
                });
            }
            other => {
                let rows = RowConverter::new(vec![SortField::new(other.clone())])?;
                let rows = rows.convert_columns(&[Arc::clone(values)])?;
                let nulls = values.logical_nulls();
                for (at, row) in rows.iter().enumerate() {
                    let is_null = nulls.as_ref().is_some_and(|it| it.is_null(at));
                    self.add((!is_null).then(|| XxHash64::oneshot(0, row.as_ref())));
                }
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Binary(self.sum.map(|it| it.to_le_bytes().to_vec())))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Int64(self.sum)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for sum in states[0].as_primitive::<Int64Type>().iter().flatten() {
            self.sum = Some(self.sum.unwrap_or(0).wrapping_add(sum));
        }
        Ok(())
    }
}
