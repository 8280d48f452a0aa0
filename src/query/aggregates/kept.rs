//! Rows of an aggregate that are kept until its result is computed: because it is made of all of
//! them, because they have to be in an order or to differ, or because they leave a frame again.

use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Field, Fields};
use arrow::row::{RowConverter, SortField};
use datafusion::common::Result;
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;
use rustc_hash::FxHashSet;

/// The result of rows, given a column for each argument and the type of the result.
pub type Finish = fn(&[ArrayRef], &DataType) -> Result<ScalarValue>;

/// What makes an accumulator that has seen no row.
pub type Factory = Box<dyn Fn() -> Result<Box<dyn Accumulator>> + Send + Sync>;

/// Which rows are kept, and how.
pub struct KeptRows {
    /// The types of the arguments.
    pub types: Vec<DataType>,
    /// The type of the result.
    pub result: DataType,
    /// The types of what rows are ordered by, and how.
    pub order: Vec<(DataType, SortOptions)>,
    /// How many of the first arguments tell rows apart, of which the first one counts; 0: all rows
    /// count.
    pub unique: usize,
    /// Whether rows whose first argument is null are left out.
    pub skips_null: bool,
    /// Whether rows are taken away again, in the order in which they came.
    pub sliding: bool,
}

/// The type of the state: the rows as a list.
pub fn state_type(types: impl Iterator<Item = DataType>) -> DataType {
    let rows = DataType::Struct(row_fields(types));
    DataType::List(Arc::new(Field::new_list_field(rows, true)))
}

fn row_fields(types: impl Iterator<Item = DataType>) -> Fields {
    types.enumerate().map(|(at, it)| Field::new(format!("c{at}"), it, true)).collect()
}

enum Last {
    Finishes(Finish),
    Folds(Factory),
}

/// The rows of one group, as compact bytes that sort as the values do.
pub struct Kept {
    shape: KeptRows,
    last: Last,
    rows: Packed,
    keys: Packed,
    identity: RowConverter,
    seen: FxHashSet<Box<[u8]>>,
    seen_bytes: usize,
    /// Rows before it have left the frame.
    first: usize,
}

impl Kept {
    /// Rows whose result a function makes.
    pub fn of(shape: KeptRows, finish: Finish) -> Result<Box<dyn Accumulator>> {
        Self::boxed(shape, Last::Finishes(finish))
    }

    /// Rows that an accumulator gets in the end.
    pub fn folding(shape: KeptRows, start: Factory) -> Result<Box<dyn Accumulator>> {
        Self::boxed(shape, Last::Folds(start))
    }

    fn boxed(shape: KeptRows, last: Last) -> Result<Box<dyn Accumulator>> {
        let plain = |it: &DataType| SortField::new(it.clone());
        let key = |(data_type, options): &(DataType, SortOptions)| {
            SortField::new_with_options(data_type.clone(), *options)
        };
        let identity = shape.types.iter().take(shape.unique).map(plain).collect();
        Ok(Box::new(Self {
            rows: Packed::new(shape.types.iter().map(plain).collect())?,
            keys: Packed::new(shape.order.iter().map(key).collect())?,
            identity: RowConverter::new(identity)?,
            seen: FxHashSet::default(),
            seen_bytes: 0,
            first: 0,
            shape,
            last,
        }))
    }

    fn push(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some(first) = columns.first() else { return Ok(()) };
        let arguments = self.shape.types.len();
        let mut wanted = vec![true; first.len()];
        if !self.shape.sliding {
            self.leave_out(columns, &mut wanted)?;
        }
        self.rows.push(&columns[..arguments], &wanted)?;
        if !self.shape.order.is_empty() {
            self.keys.push(&columns[arguments..], &wanted)?;
        }
        Ok(())
    }

    /// Marks rows that do not count.
    fn leave_out(&mut self, columns: &[ArrayRef], wanted: &mut [bool]) -> Result<()> {
        if self.shape.skips_null
            && let Some(nulls) = columns[0].logical_nulls()
        {
            for (wanted, is_valid) in wanted.iter_mut().zip(nulls.iter()) {
                *wanted = is_valid;
            }
        }
        if self.shape.unique == 0 {
            return Ok(());
        }
        let rows = self.identity.convert_columns(&columns[..self.shape.unique])?;
        for (wanted, row) in wanted.iter_mut().zip(rows.iter()) {
            let row = row.as_ref();
            if *wanted && self.seen.contains(row) {
                *wanted = false;
            } else if *wanted {
                self.seen_bytes += row.len();
                self.seen.insert(row.into());
            }
        }
        Ok(())
    }

    /// The places of the rows that count, in order.
    fn places(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (self.first..self.rows.len()).collect();
        if !self.shape.order.is_empty() {
            places.sort_by_key(|at| self.keys.row(*at));
        }
        places
    }

    fn result(&self, columns: &[ArrayRef]) -> Result<ScalarValue> {
        match &self.last {
            Last::Finishes(finish) => finish(columns, &self.shape.result),
            Last::Folds(start) => {
                let mut folded = start()?;
                folded.update_batch(columns)?;
                folded.evaluate()
            }
        }
    }
}

impl Accumulator for Kept {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.push(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut columns = self.rows.arrays(&self.places())?;
        if self.shape.sliding && (self.shape.unique > 0 || self.shape.skips_null) {
            let mut wanted = vec![true; self.rows.len() - self.first];
            self.seen.clear();
            self.leave_out(&columns, &mut wanted)?;
            let wanted = wanted.into();
            for column in &mut columns {
                *column = arrow::compute::filter(column, &wanted)?;
            }
        }
        self.result(&columns)
    }

    fn size(&self) -> usize {
        let seen = self.seen.capacity() * (size_of::<Box<[u8]>>() + 1) + self.seen_bytes;
        size_of_val(self) + self.rows.size() + self.keys.size() + self.identity.size() + seen
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let places: Vec<usize> = (self.first..self.rows.len()).collect();
        let mut columns = self.rows.arrays(&places)?;
        if !self.shape.order.is_empty() {
            columns.extend(self.keys.arrays(&places)?);
        }
        let types = self.shape.types.iter().chain(self.shape.order.iter().map(|(it, _)| it));
        let fields = row_fields(types.cloned());
        let rows = StructArray::try_new(fields, columns, None)?;
        let element = Arc::new(Field::new_list_field(rows.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths([rows.len()]);
        let list = ListArray::try_new(element, offsets, Arc::new(rows), None)?;
        Ok(vec![ScalarValue::List(Arc::new(list))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for rows in states[0].as_list::<i32>().iter().flatten() {
            self.push(rows.as_struct().columns())?;
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.first += values.first().map_or(0, Array::len);
        // Half of the rows at a time, so that each is moved once.
        if self.first > 64 && self.first > self.rows.len() / 2 {
            self.rows.forget(self.first);
            self.first = 0;
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        self.shape.sliding
    }
}

impl Debug for Kept {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows", self.rows.len())
    }
}

/// Rows of some columns, one behind the other.
struct Packed {
    converter: RowConverter,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Packed {
    fn new(fields: Vec<SortField>) -> Result<Self> {
        let converter = RowConverter::new(fields)?;
        Ok(Self { converter, bytes: Vec::new(), ends: Vec::new() })
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn row(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }

    fn push(&mut self, columns: &[ArrayRef], wanted: &[bool]) -> Result<()> {
        let rows = self.converter.convert_columns(columns)?;
        for (row, _) in rows.iter().zip(wanted).filter(|(_, wanted)| **wanted) {
            self.bytes.extend_from_slice(row.as_ref());
            self.ends.push(self.bytes.len());
        }
        Ok(())
    }

    fn arrays(&self, places: &[usize]) -> Result<Vec<ArrayRef>> {
        let parser = self.converter.parser();
        Ok(self.converter.convert_rows(places.iter().map(|at| parser.parse(self.row(*at))))?)
    }

    fn forget(&mut self, count: usize) {
        let end = self.ends[count - 1];
        self.bytes.drain(..end);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|it| *it -= end);
    }

    fn size(&self) -> usize {
        self.converter.size() + self.bytes.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}
