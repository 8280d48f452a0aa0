//! The rows of several batches in one array, in another order where that is asked for.
//!
//! Rows that left normalization moves pass by a few others, so that most rows stand behind the one
//! that they stood behind before. They are copied in such runs: to take each row by its number was
//! a quarter of the time of an import.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayData, ArrayRef, AsArray, BooleanBufferBuilder, ListArray, MutableArrayData,
    PrimitiveArray, StringArray, StructArray, make_array, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::concat;
use arrow::datatypes::{
    ArrowNativeType, ArrowPrimitiveType, DataType, FieldRef, Float32Type, Float64Type, Int32Type,
    Int64Type,
};

use super::unsound;
use crate::model::Result;

/// Rows that stand one after the other in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which batch.
    pub batch: usize,
    /// The rows within it.
    pub rows: Range<usize>,
}

/// The rows of all parts, or those of the runs, in one array.
pub fn together(parts: &[ArrayRef], runs: Option<&[Run]>) -> Result<ArrayRef> {
    let rows = || parts.iter().map(Array::len).sum();
    if let Some(first) = parts.first().filter(|_| all_null(parts)) {
        return Ok(new_null_array(first.data_type(), runs.map_or_else(rows, count)));
    }
    if let Some(runs) = runs {
        return gather(parts, runs);
    }
    let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    concat(&parts).map_err(unsound)
}

/// Whether there is nothing but nulls, which are made anew: so it is for what a file does not have,
/// such as samples or annotations, and those are most columns of a VCF store.
fn all_null(parts: &[ArrayRef]) -> bool {
    parts.iter().all(|it| it.null_count() == it.len())
}

fn gather(parts: &[ArrayRef], runs: &[Run]) -> Result<ArrayRef> {
    match parts.first().map(Array::data_type) {
        Some(DataType::Struct(fields)) if !fields.is_empty() => {
            let column = |index: usize| -> Vec<ArrayRef> {
                parts.iter().map(|it| Arc::clone(it.as_struct().column(index))).collect()
            };
            let columns: Result<Vec<ArrayRef>> =
                (0..fields.len()).map(|it| gather(&column(it), runs)).collect();
            let array = StructArray::try_new(fields.clone(), columns?, nulls(parts, runs));
            Ok(Arc::new(array.map_err(unsound)?))
        }
        Some(DataType::List(element)) => lists(parts, element, runs),
        Some(DataType::Utf8) => texts(parts, runs),
        Some(DataType::Int32) => numbers::<Int32Type>(parts, runs),
        Some(DataType::Int64) => numbers::<Int64Type>(parts, runs),
        Some(DataType::Float32) => numbers::<Float32Type>(parts, runs),
        Some(DataType::Float64) => numbers::<Float64Type>(parts, runs),
        _ => {
            let parts: Vec<ArrayData> = parts.iter().map(Array::to_data).collect();
            let mut array = MutableArrayData::new(parts.iter().collect(), false, count(runs));
            for Run { batch, rows } in runs {
                array.try_extend(*batch, rows.start, rows.end).map_err(unsound)?;
            }
            Ok(make_array(array.freeze()))
        }
    }
}

/// How many rows are in the runs.
fn count(runs: &[Run]) -> usize {
    runs.iter().map(|it| it.rows.len()).sum()
}

fn numbers<T: ArrowPrimitiveType>(parts: &[ArrayRef], runs: &[Run]) -> Result<ArrayRef> {
    let values: Vec<&[T::Native]> =
        parts.iter().map(|it| it.as_primitive::<T>().values().as_ref()).collect();
    let mut gathered: Vec<T::Native> = Vec::with_capacity(count(runs));
    for Run { batch, rows } in runs {
        gathered.extend_from_slice(&values[*batch][rows.clone()]);
    }
    let array = PrimitiveArray::<T>::try_new(gathered.into(), nulls(parts, runs));
    Ok(Arc::new(array.map_err(unsound)?))
}

fn texts(parts: &[ArrayRef], runs: &[Run]) -> Result<ArrayRef> {
    let texts: Vec<&StringArray> = parts.iter().map(AsArray::as_string).collect();
    let offsets: Vec<&[i32]> = texts.iter().map(|it| it.value_offsets()).collect();
    let (offsets, bytes) = elements(&offsets, runs);
    let mut gathered: Vec<u8> = Vec::with_capacity(count(&bytes));
    for Run { batch, rows } in bytes {
        gathered.extend_from_slice(&texts[batch].value_data()[rows]);
    }
    let array = StringArray::try_new(offsets, gathered.into(), nulls(parts, runs));
    Ok(Arc::new(array.map_err(unsound)?))
}

fn lists(parts: &[ArrayRef], element: &FieldRef, runs: &[Run]) -> Result<ArrayRef> {
    let lists: Vec<&ListArray> = parts.iter().map(AsArray::as_list).collect();
    let offsets: Vec<&[i32]> = lists.iter().map(|it| it.value_offsets()).collect();
    let (offsets, elements) = elements(&offsets, runs);
    let values: Vec<ArrayRef> = lists.iter().map(|it| Arc::clone(it.values())).collect();
    let values = gather(&values, &elements)?;
    let array = ListArray::try_new(Arc::clone(element), offsets, values, nulls(parts, runs));
    Ok(Arc::new(array.map_err(unsound)?))
}

/// What rows with these offsets become: the offsets of the runs, and the runs of what they contain,
/// which stands together, too.
fn elements(offsets: &[&[i32]], runs: &[Run]) -> (OffsetBuffer<i32>, Vec<Run>) {
    let mut gathered: Vec<i32> = Vec::with_capacity(count(runs) + 1);
    gathered.push(0);
    let mut end = 0;
    let mut elements = Vec::with_capacity(runs.len());
    for Run { batch, rows } in runs {
        let here = &offsets[*batch][rows.start..=rows.end];
        let (first, last) = (here[0], here[rows.len()]);
        // A group has far fewer than 2^31 elements: its bytes are bounded.
        let shift = end - first;
        gathered.extend(here[1..].iter().map(|it| it + shift));
        end = last + shift;
        elements.push(Run { batch: *batch, rows: first.as_usize()..last.as_usize() });
    }
    (OffsetBuffer::new(gathered.into()), elements)
}

/// Which of the gathered rows are null, where any is.
fn nulls(parts: &[ArrayRef], runs: &[Run]) -> Option<NullBuffer> {
    if parts.iter().all(|it| it.null_count() == 0) {
        return None;
    }
    let mut valid = BooleanBufferBuilder::new(count(runs));
    for Run { batch, rows } in runs {
        match parts[*batch].nulls() {
            None => valid.append_n(rows.len(), true),
            Some(nulls) => {
                let start = nulls.offset() + rows.start;
                valid.append_packed_range(start..start + rows.len(), nulls.validity());
            }
        }
    }
    Some(NullBuffer::new(valid.finish()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Builder, Int32Array, ListBuilder, StringArray, UInt32Array};
    use arrow::compute::take;
    use arrow::datatypes::{Field, Fields};
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    /// Rows with a number, a text and a list, each of which may be null; some are cut off in front,
    /// as in a slice.
    fn part(rows: &[Option<i32>], cut: usize) -> ArrayRef {
        let numbers = Int32Array::from(rows.to_vec());
        let texts: StringArray = rows
            .iter()
            .map(|it| it.map(|it| "x".repeat(usize::try_from(it % 4).unwrap())))
            .collect();
        let mut lists = ListBuilder::new(Float64Builder::new());
        for row in rows {
            match row {
                None => lists.append(false),
                Some(number) => {
                    (0..number % 3).for_each(|it| {
                        lists.values().append_option((it != 1).then_some(f64::from(*number)));
                    });
                    lists.append(true);
                }
            }
        }
        let columns: Vec<ArrayRef> =
            vec![Arc::new(numbers), Arc::new(texts), Arc::new(lists.finish())];
        let fields: Fields = (columns.iter().zip(["a", "b", "c"]))
            .map(|(it, name)| Field::new(name, it.data_type().clone(), true))
            .collect();
        let nulls = rows.iter().map(|it| it.is_none_or(|it| it % 7 != 0)).collect::<NullBuffer>();
        let array: ArrayRef = Arc::new(StructArray::new(fields, columns, Some(nulls)));
        array.slice(cut.min(rows.len()), rows.len() - cut.min(rows.len()))
    }

    #[test]
    fn nulls_are_as_many_as_the_rows_of_the_runs() {
        let nulls = new_null_array(&DataType::Utf8, 5);
        let parts = [Arc::clone(&nulls), nulls];
        let runs = [Run { batch: 1, rows: 1..3 }];
        assert_eq!(together(&parts, Some(&runs)).unwrap().len(), 2);
        assert_eq!(together(&parts, None).unwrap().len(), 10);
    }

    proptest! {
        #[test]
        fn runs_are_the_rows_taken_by_their_numbers(
            parts in vec((vec(option::of(0..100_i32), 1..20), 0..3_usize), 1..4),
            order in vec((any::<Index>(), any::<Index>(), 1..5_usize), 1..20),
        ) {
            let parts: Vec<ArrayRef> = parts.iter().map(|(rows, cut)| part(rows, *cut)).collect();
            let mut starts = vec![0];
            starts.extend(parts.iter().scan(0, |sum, it| { *sum += it.len(); Some(*sum) }));
            let (mut runs, mut numbers) = (Vec::new(), Vec::new());
            for (batch, start, length) in order {
                let batch = batch.index(parts.len());
                let start = start.index(parts[batch].len() + 1);
                let rows = start..(start + length).min(parts[batch].len());
                numbers.extend(rows.clone().map(|it| u32::try_from(starts[batch] + it).unwrap()));
                runs.push(Run { batch, rows });
            }
            let whole = together(&parts, None).unwrap();
            let expected = take(&whole, &UInt32Array::from(numbers), None).unwrap();
            prop_assert_eq!(&together(&parts, Some(&runs)).unwrap(), &expected);
        }
    }
}
