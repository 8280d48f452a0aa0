//! How often each value comes: `histogram`, and `approx_most_frequent`, which counts exactly while
//! there are no more values than it may keep.

use std::cmp::Reverse;
use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, ListArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Int64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;
use rustc_hash::FxHashMap;

use super::collected::{map, map_type};
use super::function::{AggregateFunction, Folds, Means};
use crate::query::faults::of_value;
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&HISTOGRAM, &MOST_FREQUENT];

/// `histogram(x)`
static HISTOGRAM: AggregateFunction = AggregateFunction {
    name: "histogram",
    aliases: &[],
    arguments: |types| match types {
        [DataType::Null] => Ok(vec![DataType::Utf8]),
        [_] => Ok(types.to_vec()),
        _ => plan_err!("histogram takes one value"),
    },
    result: |types| Ok(map_type(types[0].clone(), DataType::Int64)),
    means: Means::Folds(Folds {
        state: |types| Ok(state(&types[0])),
        start: |types, result| Counted::start(&types[0], result, false),
        groups: None,
        frame: None,
    }),
    counts: false,
};

/// `approx_most_frequent(buckets, value, capacity)`
static MOST_FREQUENT: AggregateFunction = AggregateFunction {
    name: "approx_most_frequent",
    aliases: &[],
    arguments: |types| match types {
        [_, value, _] if value.is_integer() => {
            Ok(vec![DataType::Int64, DataType::Int64, DataType::Int64])
        }
        [_, value, _] if value.is_string() || value.is_null() => {
            Ok(vec![DataType::Int64, DataType::Utf8, DataType::Int64])
        }
        [_, value, _] => {
            plan_err!("approx_most_frequent takes integers or texts, not {}", sql_type(value))
        }
        _ => plan_err!("approx_most_frequent takes a number of values, a value and a capacity"),
    },
    result: |types| Ok(map_type(types[1].clone(), DataType::Int64)),
    means: Means::Folds(Folds {
        state: |types| Ok(state(&types[1])),
        start: |types, result| Counted::start(&types[1], result, true),
        groups: None,
        frame: None,
    }),
    counts: false,
};

fn state(value: &DataType) -> Vec<DataType> {
    let pairs = DataType::Struct(pairs(value));
    let list = DataType::List(Arc::new(Field::new_list_field(pairs, true)));
    vec![list, DataType::Int64, DataType::Int64, DataType::Int64]
}

fn pairs(value: &DataType) -> Fields {
    let count = Field::new("count", DataType::Int64, true);
    vec![Field::new("value", value.clone(), true), count].into()
}

struct Counted {
    value: DataType,
    result: DataType,
    rows: RowConverter,
    /// How often each value came, and as the how many-th it came first.
    counts: FxHashMap<Box<[u8]>, (usize, i64)>,
    bytes: usize,
    /// How many of the most frequent ones are wanted, of which there is an argument.
    most: Option<i64>,
    has_most: bool,
    /// How many values may be kept.
    capacity: Option<usize>,
    /// How often a value may have come before it was kept (Metwally's space-saving).
    missed: i64,
}

impl Counted {
    fn start(value: &DataType, result: &DataType, has_most: bool) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Self {
            value: value.clone(),
            result: result.clone(),
            rows: RowConverter::new(vec![SortField::new(value.clone())])?,
            counts: FxHashMap::default(),
            bytes: 0,
            most: None,
            has_most,
            capacity: None,
            missed: 0,
        }))
    }

    fn add(&mut self, values: &ArrayRef, count: impl Fn(usize) -> i64) -> Result<()> {
        let nulls = values.logical_nulls();
        let rows = self.rows.convert_columns(&[Arc::clone(values)])?;
        for (at, row) in rows.iter().enumerate() {
            if nulls.as_ref().is_some_and(|it| it.is_null(at)) {
                continue;
            }
            let next = self.counts.len();
            if let Some((_, counted)) = self.counts.get_mut(row.as_ref()) {
                *counted += count(at);
            } else {
                self.bytes += row.as_ref().len();
                self.counts.insert(row.as_ref().into(), (next, self.missed + count(at)));
            }
        }
        self.leave_out();
        Ok(())
    }

    /// Keeps the most frequent values where there are more than twice as many as may be kept.
    fn leave_out(&mut self) {
        let Some(capacity) = self.capacity.filter(|it| self.counts.len() / 2 > *it) else { return };
        let mut all: Vec<_> = self.counts.drain().collect();
        all.sort_by_key(|(_, (at, count))| (Reverse(*count), *at));
        let missed = all.drain(capacity..).map(|(_, (_, count))| count).max();
        self.missed = self.missed.max(missed.unwrap_or(0));
        self.bytes = all.iter().map(|(row, _)| row.len()).sum();
        all.sort_by_key(|(_, (at, _))| *at);
        let kept = all.into_iter().enumerate().map(|(at, (row, (_, count)))| (row, (at, count)));
        self.counts.extend(kept);
    }

    fn want(&mut self, mosts: &ArrayRef) -> Result<()> {
        if let Some(most) = mosts.as_primitive::<Int64Type>().iter().flatten().next() {
            if most < 2 {
                let fault = format!("approx_most_frequent is asked for {most} values");
                return Err(of_value(&fault, "ask for 2 or more"));
            }
            self.most = Some(most);
        }
        Ok(())
    }

    fn may_keep(&mut self, capacities: &ArrayRef) -> Result<()> {
        for capacity in capacities.as_primitive::<Int64Type>().iter().flatten() {
            let Some(capacity) = usize::try_from(capacity).ok().filter(|it| *it > 0) else {
                let fault = "approx_most_frequent has a capacity below 1";
                return Err(of_value(fault, "give it more than the number of values"));
            };
            self.capacity = Some(capacity);
        }
        Ok(())
    }

    /// The values and how often they came: in the order in which they came, or the most frequent
    /// ones first.
    fn columns(&self, most_frequent: bool) -> Result<[ArrayRef; 2]> {
        let mut all: Vec<_> = self.counts.iter().collect();
        all.sort_unstable_by_key(|(_, (at, _))| *at);
        if most_frequent {
            all.sort_by_key(|(_, (_, count))| Reverse(*count));
            let most = self.most.and_then(|it| usize::try_from(it).ok());
            all.truncate(most.unwrap_or(usize::MAX));
        }
        let parser = self.rows.parser();
        let values = self.rows.convert_rows(all.iter().map(|(row, _)| parser.parse(row)))?;
        let counts = all.iter().map(|(_, (_, count))| *count).collect::<Int64Array>();
        Ok([Arc::clone(&values[0]), Arc::new(counts)])
    }
}

impl Accumulator for Counted {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        if !self.has_most {
            return self.add(&values[0], |_| 1);
        }
        self.want(&values[0])?;
        self.may_keep(&values[2])?;
        self.add(&values[1], |_| 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let [values, counts] = self.columns(self.has_most)?;
        map(&values, &counts, &self.result)
    }

    fn size(&self) -> usize {
        let entry = size_of::<(Box<[u8]>, (usize, i64))>() + 1;
        size_of_val(self) + self.rows.size() + self.counts.capacity() * entry + self.bytes
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let columns = self.columns(false)?;
        let rows = StructArray::try_new(pairs(&self.value), columns.into(), None)?;
        let element = Arc::new(Field::new_list_field(rows.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths([rows.len()]);
        let list = ListArray::try_new(element, offsets, Arc::new(rows), None)?;
        let capacity = self.capacity.and_then(|it| i64::try_from(it).ok());
        Ok(vec![
            ScalarValue::List(Arc::new(list)),
            ScalarValue::Int64(self.most),
            ScalarValue::Int64(capacity),
            ScalarValue::Int64(Some(self.missed)),
        ])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        if self.has_most {
            self.want(&states[1])?;
            self.may_keep(&states[2])?;
            // Values that both have left out may be the same ones.
            self.missed += states[3].as_primitive::<Int64Type>().iter().flatten().sum::<i64>();
        }
        for rows in states[0].as_list::<i32>().iter().flatten() {
            let rows = rows.as_struct();
            let counts = rows.column(1).as_primitive::<Int64Type>();
            self.add(rows.column(0), |at| counts.value(at))?;
        }
        Ok(())
    }
}

impl Debug for Counted {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} values", self.counts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_values_stay_among_many_that_come_once() {
        let data_type = map_type(DataType::Int64, DataType::Int64);
        let mut counted = Counted::start(&DataType::Int64, &data_type, true).unwrap();
        let column = |values: Vec<i64>| Arc::new(Int64Array::from(values)) as ArrayRef;
        for batch in 0..100 {
            // 7 and 8 come once in each ten, between others that come once at all.
            let values: Vec<i64> = (0..1000)
                .map(|at| match at % 10 {
                    0 => 7,
                    5 => 8,
                    _ => 1000 + batch * 1000 + at,
                })
                .collect();
            let constant = |it| column(vec![it; 1000]);
            counted.update_batch(&[constant(2), column(values), constant(100)]).unwrap();
        }
        assert!(counted.size() < 200_000, "{}", counted.size());
        let ScalarValue::Map(map) = counted.evaluate().unwrap() else { panic!("no map") };
        let mut keys = map.keys().as_primitive::<Int64Type>().values().to_vec();
        keys.sort_unstable();
        assert_eq!(keys, [7, 8]);
    }
}
