//! `approx_percentile` and `numeric_histogram`.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;

use super::collected::{map, map_type};
use super::digest::Digest;
use super::function::{AggregateFunction, Folds, Means};
use crate::query::faults::of_value;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&PERCENTILE, &NUMERIC_HISTOGRAM];

/// `approx_percentile(x, [weight,] share | shares)`
static PERCENTILE: AggregateFunction = AggregateFunction {
    name: "approx_percentile",
    aliases: &[],
    arguments: |types| {
        let usage = "approx_percentile takes a number, perhaps a weight, and a share or an array \
                     of shares from 0 to 1";
        let (Some(value), Some(share), 2..=3) = (types.first(), types.last(), types.len()) else {
            return plan_err!("{usage}");
        };
        let value = match value {
            it if it.is_integer() => DataType::Int64,
            DataType::Float32 => DataType::Float32,
            it if it.is_numeric() || it.is_null() => DataType::Float64,
            other => return plan_err!("{usage}, not {}", sql_type(other)),
        };
        let share = match share {
            it if it.is_numeric() || it.is_null() => DataType::Float64,
            DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => floats(),
            other => return plan_err!("{usage}, not {}", sql_type(other)),
        };
        let weight = (types.len() == 3).then_some(DataType::Float64);
        Ok(std::iter::once(value).chain(weight).chain([share]).collect())
    },
    result: |types| {
        let value = types[0].clone();
        Ok(match types.last() {
            Some(DataType::List(_)) => DataType::new_list(value, true),
            _ => value,
        })
    },
    means: Means::Folds(Folds {
        state: |_| Ok(vec![floats(), floats(), floats()]),
        start: |types, result| Ok(Percentile::start(types.len() == 3, result)),
        groups: None,
        frame: None,
    }),
    counts: false,
};

/// `numeric_histogram(buckets, x [, weight])`
static NUMERIC_HISTOGRAM: AggregateFunction = AggregateFunction {
    name: "numeric_histogram",
    aliases: &[],
    arguments: |types| match types {
        [_, value] | [_, value, _] if value.is_numeric() || value.is_null() => {
            let float = match value {
                DataType::Float32 => DataType::Float32,
                _ => DataType::Float64,
            };
            let weight = types.get(2).map(|_| DataType::Float64);
            Ok([DataType::Float64, float].into_iter().chain(weight).collect())
        }
        [_, value] | [_, value, _] => {
            plan_err!("numeric_histogram takes numbers, not {}", sql_type(value))
        }
        _ => plan_err!("numeric_histogram takes a number of buckets, a number, perhaps a weight"),
    },
    result: |types| Ok(map_type(types[1].clone(), types[1].clone())),
    means: Means::Folds(Folds {
        state: |_| Ok(vec![floats(), floats(), floats()]),
        start: |_, result| Ok(Histogram::start(result)),
        groups: None,
        frame: None,
    }),
    counts: false,
};

fn floats() -> DataType {
    DataType::new_list(DataType::Float64, true)
}

fn list(values: impl IntoIterator<Item = f64>) -> Result<ScalarValue> {
    let values: ArrayRef = Arc::new(Float64Array::from_iter_values(values));
    single_list(values)
}

fn single_list(values: ArrayRef) -> Result<ScalarValue> {
    let element = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths([values.len()]);
    Ok(ScalarValue::List(Arc::new(ListArray::try_new(element, offsets, values, None)?)))
}

/// The numbers of each row of a list.
fn rows(lists: &ArrayRef) -> Vec<Vec<f64>> {
    let lists = lists.as_list::<i32>().iter();
    lists
        .map(|it| it.map_or(Vec::new(), |it| it.as_primitive::<Float64Type>().values().to_vec()))
        .collect()
}

fn column(values: &ArrayRef) -> Result<Float64Array> {
    Ok(cast(values, &DataType::Float64)?.as_primitive::<Float64Type>().clone())
}

/// The weight of a row; none where it does not count.
fn weight(weights: Option<&Float64Array>, row: usize) -> Result<Option<f64>> {
    let Some(weights) = weights else { return Ok(Some(1.0)) };
    match weights.is_valid(row).then(|| weights.value(row)) {
        Some(weight) if weight > 0.0 && weight.is_finite() => Ok(Some(weight)),
        Some(weight) => {
            let fault = format!("a weight is {weight}, and weights are above 0");
            Err(of_value(&fault, "leave rows out with FILTER (WHERE ...)"))
        }
        None => Ok(None),
    }
}

#[derive(Debug)]
struct Percentile {
    digest: Digest,
    shares: Vec<f64>,
    is_weighted: bool,
    result: DataType,
}

impl Percentile {
    fn start(is_weighted: bool, result: &DataType) -> Box<dyn Accumulator> {
        let (digest, result) = (Digest::default(), result.clone());
        Box::new(Self { digest, shares: Vec::new(), is_weighted, result })
    }

    /// Takes the shares of the first row.
    fn want(&mut self, shares: &ArrayRef) -> Result<()> {
        if !self.shares.is_empty() || shares.is_empty() {
            return Ok(());
        }
        let first = match shares.as_list_opt::<i32>() {
            Some(lists) if lists.is_valid(0) => column(&lists.value(0))?,
            Some(_) => return Ok(()),
            None => column(&shares.slice(0, 1))?,
        };
        self.shares = first.iter().flatten().collect();
        match self.shares.iter().find(|it| !(0.0..=1.0).contains(*it)) {
            Some(share) => Err(no_share(*share)),
            None => Ok(()),
        }
    }
}

fn no_share(share: f64) -> DataFusionError {
    let fault = format!("approx_percentile is asked for a share of {share}");
    of_value(&fault, "shares are from 0 to 1: 0.95 is the 95th percentile")
}

impl Accumulator for Percentile {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        if let Some(shares) = values.last() {
            self.want(shares)?;
        }
        let numbers = column(&values[0])?;
        let weights = if self.is_weighted { Some(column(&values[1])?) } else { None };
        for row in 0..numbers.len() {
            if numbers.is_null(row) {
                continue;
            }
            if let Some(weight) = weight(weights.as_ref(), row)? {
                self.digest.add(numbers.value(row), weight);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let shares = self.shares.clone();
        let found: Option<Vec<f64>> = shares.iter().map(|it| self.digest.quantile(*it)).collect();
        let Some(found) = found.filter(|it| !it.is_empty()) else {
            return ScalarValue::try_from(&self.result);
        };
        let typed = |data_type: &DataType| -> Result<ArrayRef> {
            let rounds = data_type.is_integer();
            let round = |it: &f64| if rounds { it.round() } else { *it };
            let values: Float64Array = found.iter().map(round).map(Some).collect();
            Ok(cast(&values, data_type)?)
        };
        match &self.result {
            DataType::List(element) => single_list(typed(element.data_type())?),
            plain => ScalarValue::try_from_array(&typed(plain)?, 0),
        }
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.digest.size() + self.shares.capacity() * size_of::<f64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let means = self.digest.means();
        let (values, weights): (Vec<f64>, Vec<f64>) = means.iter().copied().unzip();
        Ok(vec![list(values)?, list(weights)?, list(self.shares.iter().copied())?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for shares in rows(&states[2]) {
            if self.shares.is_empty() {
                self.shares = shares;
            }
        }
        for (values, weights) in rows(&states[0]).into_iter().zip(rows(&states[1])) {
            values.into_iter().zip(weights).for_each(|(value, it)| self.digest.add(value, it));
        }
        Ok(())
    }
}

/// The most buckets of a histogram.
const MOST_BUCKETS: f64 = 10_000.0;

/// Numbers that lie together, as their mean and their weight (Ben-Haim and Yom-Tov).
#[derive(Debug)]
struct Histogram {
    buckets: Vec<(f64, f64)>,
    wanted: Option<usize>,
    result: DataType,
}

impl Histogram {
    fn start(result: &DataType) -> Box<dyn Accumulator> {
        Box::new(Self { buckets: Vec::new(), wanted: None, result: result.clone() })
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is from 2 to 10,000.
    fn want(&mut self, wanted: Option<f64>) -> Result<()> {
        let Some(wanted) = wanted else { return Ok(()) };
        if !(2.0..=MOST_BUCKETS).contains(&wanted) {
            let fault = format!("numeric_histogram is asked for {wanted} buckets");
            return Err(of_value(&fault, "ask for 2 to 10000"));
        }
        self.wanted = Some(wanted as usize);
        Ok(())
    }

    fn add(&mut self, value: f64, weight: f64) {
        self.buckets.push((value, weight));
        // Many at once: each time costs as much as sorting all.
        if self.buckets.len() > 4 * self.wanted.unwrap_or(1000) + 1000 {
            self.settle();
        }
    }

    /// Puts those together whose distance matters least, until no more are left than are wanted.
    fn settle(&mut self) {
        self.buckets.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        self.buckets.dedup_by(|(value, weight), (kept, of_kept)| {
            let same = value.total_cmp(kept).is_eq();
            if same {
                *of_kept += *weight;
            }
            same
        });
        let wanted = self.wanted.unwrap_or(usize::MAX);
        while self.buckets.len() > wanted {
            let penalty = |at: usize| {
                let ((a, of_a), (b, of_b)) = (self.buckets[at], self.buckets[at + 1]);
                (b - a) * (b - a) * of_a * of_b / (of_a + of_b)
            };
            let pairs = 0..self.buckets.len() - 1;
            let least = pairs.min_by(|a, b| penalty(*a).total_cmp(&penalty(*b)));
            let Some(at) = least else { return };
            let ((a, of_a), (b, of_b)) = (self.buckets[at], self.buckets[at + 1]);
            let both = of_a + of_b;
            self.buckets[at] = ((a * of_a + b * of_b) / both, both);
            self.buckets.remove(at + 1);
        }
    }
}

impl Accumulator for Histogram {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.want(column(&values[0])?.iter().flatten().next())?;
        let numbers = column(&values[1])?;
        let weights = values.get(2).map(column).transpose()?;
        for row in 0..numbers.len() {
            if numbers.is_null(row) {
                continue;
            }
            if let Some(weight) = weight(weights.as_ref(), row)? {
                self.add(numbers.value(row), weight);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.settle();
        let DataType::Map(entry, _) = &self.result else {
            return ScalarValue::try_from(&self.result);
        };
        let DataType::Struct(fields) = entry.data_type() else {
            return ScalarValue::try_from(&self.result);
        };
        let (values, weights): (Vec<f64>, Vec<f64>) = self.buckets.iter().copied().unzip();
        let typed = |it: Vec<f64>| cast(&Float64Array::from(it), fields[0].data_type());
        map(&typed(values)?, &typed(weights)?, &self.result)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.buckets.capacity() * size_of::<(f64, f64)>()
    }

    #[expect(clippy::cast_precision_loss)] // It is at most 10,000.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let (values, weights): (Vec<f64>, Vec<f64>) = self.buckets.iter().copied().unzip();
        let wanted = self.wanted.map(|it| it as f64);
        Ok(vec![list(values)?, list(weights)?, list(wanted)?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for wanted in rows(&states[2]) {
            self.want(wanted.first().copied())?;
        }
        for (values, weights) in rows(&states[0]).into_iter().zip(rows(&states[1])) {
            values.into_iter().zip(weights).for_each(|(value, it)| self.add(value, it));
        }
        Ok(())
    }
}
