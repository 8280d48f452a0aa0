//! Aggregates whose value grows with the rows: what they keep and what they make is bounded, as it
//! is for functions of one row.

use std::fmt::{Debug, Formatter};

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;

use crate::query::bounds;

/// The accumulator, bounded where its value can be of any size.
pub fn bounded(
    inner: Box<dyn Accumulator>,
    function: &'static str,
    result: &DataType,
) -> Box<dyn Accumulator> {
    if result.is_nested() || result.is_string() || result.is_binary() {
        Box::new(Bounded { inner, function, made: 0 })
    } else {
        inner
    }
}

struct Bounded {
    inner: Box<dyn Accumulator>,
    function: &'static str,
    /// The bytes of all values so far: a frame that grows has one for each row.
    made: u128,
}

impl Accumulator for Bounded {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.update_batch(values)?;
        bounds::check(self.function, self.inner.size() as u128)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let value = self.inner.evaluate()?;
        bounds::check_value(self.function, value.size())?;
        self.made += value.size() as u128;
        bounds::check(self.function, self.made)?;
        Ok(value)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.inner.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.inner.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.inner.merge_batch(states)?;
        bounds::check(self.function, self.inner.size() as u128)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.inner.retract_batch(values)
    }

    fn supports_retract_batch(&self) -> bool {
        self.inner.supports_retract_batch()
    }
}

impl Debug for Bounded {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt(f)
    }
}
