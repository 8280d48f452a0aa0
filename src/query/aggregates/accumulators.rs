//! Accumulators of sums and means.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowNativeTypeOp, AsArray, BooleanArray, PrimitiveArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};
use datafusion::scalar::ScalarValue;

use super::totals::{Sum, Total, is_float, states};

/// The total of all rows.
#[derive(Debug)]
pub struct One<T: Total> {
    total: T::Native,
    count: i64,
    sum: Sum,
}

impl<T: Total> One<T> {
    /// The total of no row.
    pub fn new(sum: Sum) -> Self {
        Self { total: T::Native::default(), count: 0, sum }
    }

    fn add(&mut self, values: &ArrayRef) -> Result<()> {
        let mut total = self.total;
        let added = T::each(values, |_, it| {
            total = T::plus(total, it)?;
            Some(())
        });
        self.total = total;
        added.ok_or_else(|| self.sum.too_large())
    }
}

fn valid(values: &ArrayRef) -> i64 {
    i64::try_from(values.len() - values.null_count()).unwrap_or(i64::MAX)
}

impl<T: Total> Accumulator for One<T> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.count += valid(&values[0]);
        self.add(&values[0])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let results = T::results(&[self.total], &[self.count], &self.sum)?;
        ScalarValue::try_from_array(&results, 0)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let states = states::<T>(vec![self.total], vec![self.count], &self.sum);
        states.iter().map(|it| ScalarValue::try_from_array(it, 0)).collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.count += states[1].as_primitive::<Int64Type>().iter().flatten().sum::<i64>();
        self.add(&states[0])
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.count -= valid(&values[0]);
        let total = &mut self.total;
        let taken = T::each(&values[0], |_, it| {
            *total = total.sub_checked(it).ok()?;
            Some(())
        });
        taken.ok_or_else(|| self.sum.too_large())
    }

    fn supports_retract_batch(&self) -> bool {
        // What a float was rounded away from does not come back.
        !is_float(&self.sum.total)
    }
}

/// The floats of a frame that rows leave.
#[derive(Debug)]
pub struct Frame {
    sum: Sum,
    values: VecDeque<Option<f64>>,
}

impl Frame {
    /// A frame without a row.
    pub fn new(sum: Sum) -> Self {
        Self { sum, values: VecDeque::new() }
    }
}

impl Accumulator for Frame {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = arrow::compute::cast(&values[0], &DataType::Float64)?;
        self.values.extend(values.as_primitive::<Float64Type>());
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut one = One::<Float64Type>::new(self.sum.clone());
        for value in self.values.iter().flatten() {
            (one.total, one.count) = (one.total + value, one.count + 1);
        }
        one.evaluate()
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.values.capacity() * size_of::<Option<f64>>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let array = self.values.iter().copied().collect::<PrimitiveArray<Float64Type>>();
        let mut one = One::<Float64Type>::new(self.sum.clone());
        one.update_batch(&[Arc::new(array)])?;
        one.state()
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        internal_err!("a frame is not put together of parts")
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.values.drain(..values[0].len().min(self.values.len()));
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }
}

/// The totals of many groups.
pub struct Groups<T: Total> {
    totals: Vec<T::Native>,
    counts: Vec<i64>,
    sum: Sum,
    of: PhantomData<T>,
}

impl<T: Total> Groups<T> {
    /// No group yet.
    pub fn new(sum: Sum) -> Self {
        Self { totals: Vec::new(), counts: Vec::new(), sum, of: PhantomData }
    }

    fn grow(&mut self, groups: usize) {
        self.totals.resize(groups, T::Native::default());
        self.counts.resize(groups, 0);
    }

    /// Adds values, each of which counts as many times as is said.
    fn add(
        &mut self,
        values: &ArrayRef,
        groups: &[usize],
        count: impl Fn(usize) -> i64,
    ) -> Result<()> {
        let (totals, counts) = (&mut self.totals, &mut self.counts);
        let added = T::each(values, |at, it| {
            let (group, count) = (groups[at], count(at));
            if count > 0 {
                totals[group] = T::plus(totals[group], it)?;
                counts[group] += count;
            }
            Some(())
        });
        added.ok_or_else(|| self.sum.too_large())
    }
}

/// Whether a row passes.
fn passes(filter: &BooleanArray) -> NullBuffer {
    let passing = match filter.nulls() {
        Some(nulls) => filter.values() & nulls.inner(),
        None => filter.values().clone(),
    };
    NullBuffer::new(passing)
}

impl<T: Total> GroupsAccumulator for Groups<T> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        match opt_filter {
            None => self.add(&values[0], group_indices, |_| 1),
            Some(filter) => {
                let passes = passes(filter);
                self.add(&values[0], group_indices, |at| passes.is_valid(at).into())
            }
        }
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let totals = emit_to.take_needed(&mut self.totals);
        let counts = emit_to.take_needed(&mut self.counts);
        T::results(&totals, &counts, &self.sum)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = emit_to.take_needed(&mut self.totals);
        Ok(states::<T>(totals, emit_to.take_needed(&mut self.counts), &self.sum))
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let counts = values[1].as_primitive::<Int64Type>();
        self.add(&values[0], group_indices, |at| counts.value(at))
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let mut each = Self::new(self.sum.clone());
        let groups: Vec<usize> = (0..values[0].len()).collect();
        each.update_batch(values, &groups, opt_filter, groups.len())?;
        each.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        self.totals.capacity() * size_of::<T::Native>() + self.counts.capacity() * size_of::<i64>()
    }
}
