//! Arrays that are put together from elements of others.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, NullBufferBuilder, UInt32Array};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::bounds;
use crate::query::maps::elements;

/// The arguments of a call, in as many rows as the batch has.
pub struct Arguments {
    /// Each argument; lists have no values but those of their rows.
    pub arrays: Vec<ArrayRef>,
    /// How many rows there are.
    pub rows: usize,
    nulls: Option<NullBuffer>,
}

impl Arguments {
    /// Those of a call.
    pub fn of(args: &ScalarFunctionArgs) -> Result<Self> {
        let rows = args.number_rows;
        let array = |it: &datafusion::logical_expr::ColumnarValue| {
            let array = it.to_array_of_size(rows)?;
            Ok(array.as_list_opt::<i32>().map_or(Arc::clone(&array), |it| Arc::new(compact(it))))
        };
        let arrays = args.args.iter().map(array).collect::<Result<Vec<_>>>()?;
        let nulls = arrays.iter().fold(None, |nulls, array| {
            NullBuffer::union(nulls.as_ref(), array.logical_nulls().as_ref())
        });
        Ok(Self { arrays, rows, nulls })
    }

    /// The list that an argument is.
    pub fn list(&self, at: usize) -> &ListArray {
        self.arrays[at].as_list()
    }

    /// The integers that an argument is.
    pub fn integers(&self, at: usize) -> &arrow::array::Int64Array {
        self.arrays[at].as_primitive()
    }

    /// Whether an argument is null in a row.
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|it| it.is_null(row))
    }

    /// The elements of a list in a row; none where an argument is null.
    pub fn elements(&self, at: usize, row: usize) -> Option<Range<usize>> {
        if self.is_null(row) { None } else { elements(self.list(at), row) }
    }

    /// A value for each row that has no null among the arguments, in order.
    pub fn each<T>(
        &self,
        mut value: impl FnMut(usize) -> Result<Option<T>>,
    ) -> impl Iterator<Item = Result<Option<T>>> {
        (0..self.rows).map(move |row| if self.is_null(row) { Ok(None) } else { value(row) })
    }
}

/// The list without values that no row has.
pub fn compact(list: &ListArray) -> ListArray {
    let offsets = list.offsets();
    let (Some(first), Some(behind)) = (offsets.first(), offsets.last()) else {
        return list.clone();
    };
    let (Ok(start), Ok(end)) = (usize::try_from(*first), usize::try_from(*behind)) else {
        return list.clone();
    };
    if start == 0 && end == list.values().len() {
        return list.clone();
    }
    let DataType::List(field) = list.data_type() else { return list.clone() };
    let values = list.values().slice(start, end - start);
    let offsets = OffsetBuffer::new(offsets.iter().map(|it| it - first).collect());
    ListArray::try_new(Arc::clone(field), offsets, values, list.nulls().cloned())
        .unwrap_or_else(|_| list.clone())
}

/// The values of two arrays behind one another, and where those of the second begin.
pub fn joined(first: &ArrayRef, second: &ArrayRef) -> Result<(ArrayRef, usize)> {
    Ok((concat(&[first.as_ref(), second.as_ref()])?, first.len()))
}

/// Takes elements of an array, row by row.
pub struct Picker {
    function: &'static str,
    picked: Vec<Option<u32>>,
    lengths: Vec<usize>,
    nulls: NullBufferBuilder,
    begun: usize,
}

impl Picker {
    /// One that has no row yet; errors name the function.
    pub fn new(function: &'static str) -> Self {
        let (picked, lengths) = (Vec::new(), Vec::new());
        Self { function, picked, lengths, nulls: NullBufferBuilder::new(0), begun: 0 }
    }

    /// An error where it would make too much to take so many more.
    pub fn reserve(&self, more: usize) -> Result<()> {
        bounds::check(self.function, (self.picked.len() as u128 + more as u128) * 8)
    }

    /// Takes the value at an index.
    pub fn pick(&mut self, index: usize) {
        self.picked.push(u32::try_from(index).ok());
    }

    /// Takes values.
    pub fn pick_all(&mut self, indices: impl IntoIterator<Item = usize>) {
        indices.into_iter().for_each(|it| self.pick(it));
    }

    /// Takes a null.
    pub fn pick_null(&mut self) {
        self.picked.push(None);
    }

    /// How many elements the row has up to now.
    pub fn length(&self) -> usize {
        self.picked.len() - self.begun
    }

    /// Ends a row.
    pub fn end(&mut self) -> Result<()> {
        self.lengths.push(self.length());
        self.begun = self.picked.len();
        self.nulls.append_non_null();
        self.reserve(0)
    }

    /// Ends a row that is null.
    pub fn end_null(&mut self) {
        self.picked.truncate(self.begun);
        self.lengths.push(0);
        self.nulls.append_null();
    }

    /// The lists, of the elements of `values`; `list` is their type.
    pub fn lists(mut self, values: &ArrayRef, list: &DataType) -> Result<ArrayRef> {
        let taken = self.taken(values)?;
        let nulls = self.nulls.finish();
        nested(taken, &self.lengths, nulls, list)
    }

    /// How many elements each row has, and which rows are null.
    pub fn rows(mut self) -> (Vec<usize>, Option<NullBuffer>) {
        (self.lengths, self.nulls.finish())
    }

    /// The elements of all rows, behind one another.
    pub fn taken(&self, values: &ArrayRef) -> Result<ArrayRef> {
        let bytes = values.to_data().get_slice_memory_size().unwrap_or(0) as u128;
        let each = bytes / (values.len().max(1) as u128);
        bounds::check(self.function, each * self.picked.len() as u128)?;
        Ok(take(values, &self.picked.iter().copied().collect::<UInt32Array>(), None)?)
    }
}

/// Lists of values that follow one another; `list` is their type.
pub fn nested(
    values: ArrayRef,
    lengths: &[usize],
    nulls: Option<NullBuffer>,
    list: &DataType,
) -> Result<ArrayRef> {
    let DataType::List(field) = list else { return exec_err!("an array was expected") };
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, nulls)?))
}

/// Whether a value is null; of an array that has no type all are.
pub fn is_null(array: &ArrayRef, index: usize) -> bool {
    array.data_type().is_null() || array.is_null(index)
}

/// The type of the elements of a list.
pub fn element_of(list: &DataType) -> &DataType {
    match list {
        DataType::List(field) => field.data_type(),
        _ => &DataType::Null,
    }
}

/// The type of lists of such elements.
pub fn list_of(element: &DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element.clone(), true)))
}
