//! How often each value comes: `histogram` and `approx_most_frequent`, which counts exactly here.

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
    vec![DataType::List(Arc::new(Field::new_list_field(pairs, true))), DataType::Int64]
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
                self.counts.insert(row.as_ref().into(), (next, count(at)));
            }
        }
        Ok(())
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
        if values[2].as_primitive::<Int64Type>().iter().flatten().any(|it| it < 1) {
            let fault = "approx_most_frequent has a capacity below 1";
            return Err(of_value(fault, "give it more than the number of values"));
        }
        self.want(&values[0])?;
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
        Ok(vec![ScalarValue::List(Arc::new(list)), ScalarValue::Int64(self.most)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        if self.has_most {
            self.want(&states[1])?;
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
