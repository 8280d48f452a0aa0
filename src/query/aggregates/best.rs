//! `max_by`, `min_by`, and the n greatest or least of some values.

use std::cmp::Ordering;
use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Field, Fields, Int64Type};
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;

use super::function::{AggregateFunction, Folds, Means};
use crate::query::faults::of_value;

/// What SQL calls; `max(x, n)` is planned as [`MAX_N`].
pub static FUNCTIONS: &[&AggregateFunction] =
    &[&MAX_BY, &MIN_BY, &MAX_BY_N, &MIN_BY_N, &MAX_N, &MIN_N];

/// The most values that one call keeps.
const MOST: i64 = 10_000;

macro_rules! best {
    ($name:literal, $which:expr, $arguments:expr) => {
        AggregateFunction {
            name: $name,
            aliases: &[],
            arguments: |types| {
                if types.len() != $arguments {
                    return plan_err!("{}", $which.usage);
                }
                let mut types = types.to_vec();
                if $which.counted {
                    types[$arguments - 1] = DataType::Int64;
                }
                Ok(types)
            },
            result: |types| {
                let value = types[0].clone();
                Ok(if $which.counted { list_of(value) } else { value })
            },
            means: Means::Folds(Folds {
                state: |types| {
                    Ok(vec![list_of(row_type(values_of(types, $which.counted))), DataType::Int64])
                },
                start: |types, result| Best::start(types, result, $which),
                groups: None,
                frame: None,
            }),
            counts: false,
        }
    };
}

/// Which values a function looks for.
#[derive(Clone, Copy, Debug)]
struct Which {
    greatest: bool,
    counted: bool,
    name: &'static str,
    usage: &'static str,
}

const fn which(name: &'static str, greatest: bool, counted: bool, usage: &'static str) -> Which {
    Which { greatest, counted, name, usage }
}

static MAX_BY: AggregateFunction =
    best!("max_by", which("max_by", true, false, "max_by takes a value, and what is compared"), 2);
static MIN_BY: AggregateFunction =
    best!("min_by", which("min_by", false, false, "min_by takes a value, and what is compared"), 2);
/// `max_by(x, y, n)`
pub static MAX_BY_N: AggregateFunction = best!(
    "max_by_n",
    which("max_by", true, true, "max_by takes a value, what is compared, and how many"),
    3
);
/// `min_by(x, y, n)`
pub static MIN_BY_N: AggregateFunction = best!(
    "min_by_n",
    which("min_by", false, true, "min_by takes a value, what is compared, and how many"),
    3
);
/// `max(x, n)`
pub static MAX_N: AggregateFunction =
    best!("max_n", which("max", true, true, "max takes a value, and how many"), 2);
/// `min(x, n)`
pub static MIN_N: AggregateFunction =
    best!("min_n", which("min", false, true, "min takes a value, and how many"), 2);

/// The arguments but for the number of values; the last one of them is compared.
fn values_of(types: &[DataType], counted: bool) -> &[DataType] {
    &types[..types.len() - usize::from(counted)]
}

fn list_of(element: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element, true)))
}

fn fields_of(types: &[DataType]) -> Fields {
    let field = |(at, it): (usize, &DataType)| Field::new(format!("c{at}"), it.clone(), true);
    types.iter().enumerate().map(field).collect()
}

fn row_type(types: &[DataType]) -> DataType {
    DataType::Struct(fields_of(types))
}

/// What is compared, and the row.
type Pair = (Box<[u8]>, Box<[u8]>);

/// The best rows so far: the bytes of what is compared, which are the lower the better, and those
/// of the row.
struct Best {
    which: Which,
    types: Vec<DataType>,
    result: DataType,
    keys: RowConverter,
    rows: RowConverter,
    wanted: Option<usize>,
    found: Vec<Pair>,
    /// What a row has to be below of, once there are enough.
    worst: Option<Box<[u8]>>,
    bytes: usize,
}

impl Best {
    fn start(types: &[DataType], result: &DataType, which: Which) -> Result<Box<dyn Accumulator>> {
        let types = values_of(types, which.counted);
        let order = SortOptions { descending: which.greatest, nulls_first: false };
        let key = types.last().cloned().unwrap_or(DataType::Null);
        let rows = types.iter().cloned().map(SortField::new).collect();
        Ok(Box::new(Self {
            which,
            types: types.to_vec(),
            result: result.clone(),
            keys: RowConverter::new(vec![SortField::new_with_options(key, order)])?,
            rows: RowConverter::new(rows)?,
            wanted: (!which.counted).then_some(1),
            found: Vec::new(),
            worst: None,
            bytes: 0,
        }))
    }

    fn want(&mut self, counts: &ArrayRef) -> Result<()> {
        let counts = counts.as_primitive::<Int64Type>();
        for count in counts.iter().flatten() {
            let name = self.which.name;
            let wanted = usize::try_from(count).ok().filter(|_| (1..=MOST).contains(&count));
            let Some(wanted) = wanted else {
                let fault = format!("{name} is asked for {count} values, and gives 1 to {MOST}");
                return Err(of_value(&fault, "use ORDER BY and LIMIT for more"));
            };
            if self.wanted.is_some_and(|it| it != wanted) {
                let fault = format!("the number of values of {name} differs from row to row");
                return Err(of_value(&fault, "write a constant"));
            }
            self.wanted = Some(wanted);
        }
        Ok(())
    }

    fn add(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some(wanted) = self.wanted else { return Ok(()) };
        let Some(key) = columns.last() else { return Ok(()) };
        let (nulls, keys) = (key.logical_nulls(), self.keys.convert_columns(&[Arc::clone(key)])?);
        let mut rows: Option<Rows> = None;
        for (at, key) in keys.iter().enumerate() {
            let key = key.as_ref();
            let is_null = nulls.as_ref().is_some_and(|it| it.is_null(at));
            if is_null || self.worst.as_deref().is_some_and(|worst| key >= worst) {
                continue;
            }
            let rows = match &mut rows {
                Some(rows) => rows,
                None => rows.insert(self.rows.convert_columns(columns)?),
            };
            let row: Box<[u8]> = rows.row(at).as_ref().into();
            self.bytes += key.len() + row.len();
            self.found.push((key.into(), row));
            if self.found.len() >= 2 * wanted {
                self.settle(wanted);
            }
        }
        Ok(())
    }

    /// Keeps as many as are wanted, in order; of equal ones those that came first.
    fn settle(&mut self, wanted: usize) {
        self.found.sort_by(|(left, _), (right, _)| -> Ordering { left.cmp(right) });
        self.found.truncate(wanted);
        self.bytes = self.found.iter().map(|(key, row)| key.len() + row.len()).sum();
        if self.found.len() == wanted {
            self.worst = self.found.last().map(|(key, _)| key.clone());
        }
    }

    fn columns(&mut self) -> Result<Vec<ArrayRef>> {
        self.settle(self.wanted.unwrap_or(1));
        let parser = self.rows.parser();
        Ok(self.rows.convert_rows(self.found.iter().map(|(_, row)| parser.parse(row)))?)
    }
}

impl Accumulator for Best {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let arguments = self.types.len();
        if let Some(counts) = values.get(arguments) {
            self.want(counts)?;
        }
        self.add(&values[..arguments])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if self.found.is_empty() {
            return ScalarValue::try_from(&self.result);
        }
        let columns = self.columns()?;
        if self.which.counted {
            return Ok(ScalarValue::List(Arc::new(single_list(&columns[0])?)));
        }
        ScalarValue::try_from_array(&columns[0], 0)
    }

    fn size(&self) -> usize {
        let pairs = self.found.capacity() * size_of::<Pair>();
        size_of_val(self) + self.keys.size() + self.rows.size() + pairs + self.bytes
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let columns = self.columns()?;
        let rows: ArrayRef = Arc::new(StructArray::try_new(fields_of(&self.types), columns, None)?);
        let wanted = self.wanted.and_then(|it| i64::try_from(it).ok());
        Ok(vec![ScalarValue::List(Arc::new(single_list(&rows)?)), ScalarValue::Int64(wanted)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        if self.which.counted {
            self.want(&states[1])?;
        }
        for rows in states[0].as_list::<i32>().iter().flatten() {
            self.add(rows.as_struct().columns())?;
        }
        Ok(())
    }
}

impl Debug for Best {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.which)
    }
}

/// The values as the list of one row.
fn single_list(values: &ArrayRef) -> Result<ListArray, DataFusionError> {
    let element = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths([values.len()]);
    Ok(ListArray::try_new(element, offsets, Arc::clone(values), None)?)
}
