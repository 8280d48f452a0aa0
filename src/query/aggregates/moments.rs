//! Numbers that are made of sums over all values: means, skewness, kurtosis, entropy.

use std::fmt::Debug;

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;

use super::function::{AggregateFunction, Folds, Means};
use crate::query::faults::of_value;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&GEOMETRIC_MEAN, &SKEWNESS, &KURTOSIS, &ENTROPY];

/// Five sums over values.
type Sums = [f64; 5];

macro_rules! of_sums {
    ($name:literal, $add:expr, $merge:expr, $result:expr) => {
        AggregateFunction {
            name: $name,
            aliases: &[],
            arguments: |types| match types {
                [it] if it.is_numeric() || it.is_null() => Ok(vec![DataType::Float64]),
                [it] => plan_err!("{} takes numbers, not {}", $name, sql_type(it)),
                _ => plan_err!("{} takes one number", $name),
            },
            result: |_| Ok(DataType::Float64),
            means: Means::Folds(Folds {
                state: |_| Ok(vec![DataType::Float64; 5]),
                start: |_, _| {
                    Ok(Box::new(OfSums { sums: [0.0; 5], add: $add, merge: $merge, end: $result }))
                },
                groups: None,
                frame: None,
            }),
            counts: false,
        }
    };
}

static GEOMETRIC_MEAN: AggregateFunction = of_sums!(
    "geometric_mean",
    |[count, logs, ..], value| Ok([count + 1.0, logs + value.ln(), 0.0, 0.0, 0.0]),
    summed,
    |[count, logs, ..]| (count > 0.0).then(|| (logs / count).exp())
);

static SKEWNESS: AggregateFunction =
    of_sums!("skewness", with_moment, both_moments, |[count, _, m2, m3, _]| {
        (count >= 3.0).then(|| count.sqrt() * m3 / m2.powf(1.5))
    });

static KURTOSIS: AggregateFunction =
    of_sums!("kurtosis", with_moment, both_moments, |[n, _, m2, _, m4]| {
        let scale = (n - 1.0) * n * (n + 1.0) / ((n - 2.0) * (n - 3.0));
        let normal = 3.0 * ((n - 1.0) * (n - 1.0)) / ((n - 2.0) * (n - 3.0));
        (n >= 4.0).then(|| scale * m4 / (m2 * m2) - normal)
    });

static ENTROPY: AggregateFunction = of_sums!(
    "entropy",
    |[_, sum, logs, ..], value| match value {
        it if it < 0.0 => {
            let fault = format!("entropy takes counts, and {it} is below 0");
            Err(of_value(&fault, "give it how often each value comes"))
        }
        0.0 => Ok([0.0, sum, logs, 0.0, 0.0]),
        it => Ok([0.0, sum + it, logs + it * it.ln(), 0.0, 0.0]),
    },
    summed,
    |[_, sum, logs, ..]| {
        let nats = if sum > 0.0 { sum.ln() - logs / sum } else { 0.0 };
        Some((nats / std::f64::consts::LN_2).max(0.0))
    }
);

fn summed(left: Sums, right: Sums) -> Sums {
    std::array::from_fn(|at| left[at] + right[at])
}

/// Count, mean, and the sums of the powers of distances from it, with one more value.
#[expect(clippy::unnecessary_wraps)] // As `add` is.
fn with_moment(sums: Sums, value: f64) -> Result<Sums> {
    Ok(both_moments(sums, [1.0, value, 0.0, 0.0, 0.0]))
}

/// Those of two sets of values as of one (Pébay 2008, "Formulas for robust, one-pass parallel
/// computation of covariances and arbitrary-order statistical moments").
fn both_moments(left: Sums, right: Sums) -> Sums {
    let ([na, mean_a, a2, a3, a4], [nb, mean_b, b2, b3, b4]) = (left, right);
    let n = na + nb;
    if na == 0.0 || nb == 0.0 {
        return if na == 0.0 { right } else { left };
    }
    let d = mean_b - mean_a;
    let m2 = a2 + b2 + d * d * na * nb / n;
    let m3 =
        a3 + b3 + d.powi(3) * na * nb * (na - nb) / (n * n) + 3.0 * d * (na * b2 - nb * a2) / n;
    let m4 = a4
        + b4
        + d.powi(4) * na * nb * (na * na - na * nb + nb * nb) / (n * n * n)
        + 6.0 * d * d * (na * na * b2 + nb * nb * a2) / (n * n)
        + 4.0 * d * (na * b3 - nb * a3) / n;
    [n, mean_a + d * nb / n, m2, m3, m4]
}

#[derive(Debug)]
struct OfSums {
    sums: Sums,
    add: fn(Sums, f64) -> Result<Sums>,
    merge: fn(Sums, Sums) -> Sums,
    end: fn(Sums) -> Option<f64>,
}

impl Accumulator for OfSums {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = cast(&values[0], &DataType::Float64)?;
        for value in values.as_primitive::<Float64Type>().iter().flatten() {
            self.sums = (self.add)(self.sums, value)?;
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64((self.end)(self.sums)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(self.sums.iter().map(|it| ScalarValue::Float64(Some(*it))).collect())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let states: Vec<_> = states.iter().map(AsArray::as_primitive::<Float64Type>).collect();
        for row in 0..states[0].values().len() {
            self.sums = (self.merge)(self.sums, std::array::from_fn(|at| states[at].value(row)));
        }
        Ok(())
    }
}
