//! Whether rows of two columns have the same values.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, DynComparator, make_comparator};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type};

use super::types::internal;
use crate::model::Result;

/// A column of both versions, of one type, of which stretches of rows are compared at once.
///
/// A null is the same as a null; floats are the same where all their bits are.
pub struct ColumnPair {
    nulls: [Option<NullBuffer>; 2],
    values: ValuePair,
}

/// The values of both versions.
enum ValuePair {
    /// Values of so many bytes.
    Fixed([Buffer; 2], usize),
    Bits([BooleanBuffer; 2]),
    /// Texts: where each begins, and all their bytes.
    Texts([OffsetBuffer<i32>; 2], [Buffer; 2]),
    /// Lists: where each begins, and all their elements.
    Lists([OffsetBuffer<i32>; 2], Box<ColumnPair>),
    /// Maps: where each begins, all their entries, and their keys, whose order does not count.
    Maps([OffsetBuffer<i32>; 2], Box<ColumnPair>, [ArrayRef; 2]),
    /// Rows with fields.
    Rows(Vec<ColumnPair>),
    /// What has none.
    Nothing,
    Others(DynComparator),
}

impl ColumnPair {
    /// Two columns of one type.
    pub fn new(one: &ArrayRef, other: &ArrayRef) -> Result<Self> {
        let both = [one, other];
        let nulls = both.map(|it| it.logical_nulls().filter(|it| it.null_count() > 0));
        let is_nothing = both
            .iter()
            .zip(&nulls)
            .all(|(array, nulls)| nulls.as_ref().map_or(0, NullBuffer::null_count) == array.len());
        let values = if is_nothing { ValuePair::Nothing } else { ValuePair::new(both)? };
        Ok(Self { nulls, values })
    }

    /// Whether no row of either has a value.
    pub fn is_nothing(&self) -> bool {
        matches!(self.values, ValuePair::Nothing)
    }

    /// Whether a row is the same as one of the other version.
    pub fn is_same(&self, row: usize, other: usize) -> bool {
        self.are_same(row, other, 1)
    }

    /// How many rows, of `count` from a row of each on, are the same before one is not.
    pub fn same_rows(&self, row: usize, other: usize, count: usize) -> usize {
        let (mut same, mut left) = (0, count);
        // Mostly, all are the same.
        let mut step = count;
        while left > 0 {
            if self.are_same(row + same, other + same, step) {
                same += step;
                left -= step;
            } else {
                if step == 1 {
                    break;
                }
                left = step - 1;
            }
            step = left.div_ceil(2);
        }
        same
    }

    fn are_same(&self, row: usize, other: usize, count: usize) -> bool {
        if !self.have_same_nulls(row, other, count) {
            return false;
        }
        // What stands under a null does not count.
        self.values.are_same(row, other, count)
            || self.nulls[0].as_ref().is_some_and(|nulls| {
                (0..count).all(|it| {
                    nulls.is_null(row + it) || self.values.are_same(row + it, other + it, 1)
                })
            })
    }

    fn have_same_nulls(&self, row: usize, other: usize, count: usize) -> bool {
        match &self.nulls {
            [None, None] => true,
            [Some(one), Some(two)] => {
                one.inner().slice(row, count) == two.inner().slice(other, count)
            }
            [Some(one), None] => one.inner().slice(row, count).count_set_bits() == count,
            [None, Some(two)] => two.inner().slice(other, count).count_set_bits() == count,
        }
    }
}

impl ValuePair {
    fn new(both: [&ArrayRef; 2]) -> Result<Self> {
        Ok(match both[0].data_type() {
            DataType::Int32 => Self::Fixed(
                both.map(|it| it.as_primitive::<Int32Type>().values().inner().clone()),
                4,
            ),
            DataType::Int64 => Self::Fixed(
                both.map(|it| it.as_primitive::<Int64Type>().values().inner().clone()),
                8,
            ),
            DataType::Float64 => Self::Fixed(
                both.map(|it| it.as_primitive::<Float64Type>().values().inner().clone()),
                8,
            ),
            DataType::Boolean => Self::Bits(both.map(|it| it.as_boolean().values().clone())),
            DataType::Utf8 => {
                let texts = both.map(AsArray::as_string::<i32>);
                Self::Texts(
                    texts.map(|it| it.offsets().clone()),
                    texts.map(|it| it.values().clone()),
                )
            }
            DataType::List(_) => {
                let [one, other] = both.map(AsArray::as_list::<i32>);
                let elements = ColumnPair::new(one.values(), other.values())?;
                Self::Lists([one, other].map(|it| it.offsets().clone()), Box::new(elements))
            }
            DataType::Map(..) => {
                let maps = both.map(AsArray::as_map);
                let [one, other] = maps.map(|it| Arc::new(it.entries().clone()) as ArrayRef);
                let entries = Box::new(ColumnPair::new(&one, &other)?);
                let keys = maps.map(|it| Arc::clone(it.keys()));
                Self::Maps(maps.map(|it| it.offsets().clone()), entries, keys)
            }
            DataType::Struct(_) => {
                let [one, other] = both.map(|it| it.as_struct().columns());
                let fields = one.iter().zip(other).map(|(one, other)| ColumnPair::new(one, other));
                Self::Rows(fields.collect::<Result<_>>()?)
            }
            DataType::Null => Self::Nothing,
            _ => Self::Others(
                make_comparator(both[0], both[1], SortOptions::default()).map_err(internal)?,
            ),
        })
    }

    fn are_same(&self, row: usize, other: usize, count: usize) -> bool {
        match self {
            Self::Fixed([one, two], width) => {
                one[row * width..][..count * width] == two[other * width..][..count * width]
            }
            Self::Bits([one, two]) => one.slice(row, count) == two.slice(other, count),
            Self::Texts([one, two], [bytes, others]) => {
                let Some([from, from_other, length]) =
                    elements([&one[row..=row + count], &two[other..=other + count]])
                else {
                    return false;
                };
                bytes[from..][..length] == others[from_other..][..length]
            }
            Self::Lists([one, two], values) => {
                let elements = elements([&one[row..=row + count], &two[other..=other + count]]);
                elements.is_some_and(|[from, other, length]| values.are_same(from, other, length))
            }
            Self::Maps([one, two], entries, keys) => {
                let found = elements([&one[row..=row + count], &two[other..=other + count]]);
                let Some([from, from_other, length]) = found else { return false };
                entries.are_same(from, from_other, length)
                    || count == 1
                        && in_order(&keys[0], from..from + length)
                            .into_iter()
                            .zip(in_order(&keys[1], from_other..from_other + length))
                            .all(|(one, other)| entries.are_same(one, other, 1))
            }
            Self::Rows(fields) => fields.iter().all(|it| it.are_same(row, other, count)),
            Self::Nothing => true,
            Self::Others(compare) => (0..count).all(|it| compare(row + it, other + it).is_eq()),
        }
    }
}

/// The entries of a map, in the order of their keys.
pub fn in_order(keys: &ArrayRef, entries: Range<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = entries.collect();
    if let Some(keys) = keys.as_string_opt::<i32>() {
        order.sort_by_key(|it| keys.value(*it));
    }
    order
}

/// Where the elements of some rows begin on either side, and how many there are; none where a row
/// has more than the other.
fn elements([one, other]: [&[i32]; 2]) -> Option<[usize; 3]> {
    let (from, from_other) = (*one.first()?, *other.first()?);
    let apart = from.wrapping_sub(from_other);
    // No early end: this way, it is done for many rows at a time.
    let differ = one.iter().zip(other).fold(0, |all, (a, b)| all | (a.wrapping_sub(*b) ^ apart));
    let place = |it: i32| usize::try_from(it).ok();
    let length = place(*one.last()? - from)?;
    (differ == 0).then_some([place(from)?, place(from_other)?, length])
}
