//! Batches are cut into row groups, at places that depend on the rows alone and not on how they
//! came.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;

use super::schema::RECORD_NUMBER;

/// Rows that a row group has at most.
pub const MAX_ROWS: usize = 131_072;
/// Bytes of Arrow data that a row group has at most, unless one row alone has more.
const MAX_BYTES: usize = 64 << 20;

/// Bits of the offset of a text, a list or a map.
const OFFSET_BITS: usize = 32;

/// Rows that become one row group.
#[derive(Debug, Default)]
pub struct Group {
    /// The rows, in the order of the input.
    pub batches: Vec<RecordBatch>,
    /// How many there are.
    pub rows: usize,
    bits: usize,
}

impl Group {
    /// A group of these rows.
    pub fn of(batches: Vec<RecordBatch>) -> Self {
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        let bits = batches.iter().map(|it| bits_of(it, 0, it.num_rows())).sum();
        Self { batches, rows, bits }
    }
}

/// Collects batches into groups.
#[derive(Debug)]
pub struct Grouper {
    group: Group,
    max_bits: usize,
}

impl Default for Grouper {
    fn default() -> Self {
        Self::ending_at(MAX_BYTES)
    }
}

impl Grouper {
    /// Groups of so many bytes of Arrow data at most, unless one row alone has more.
    pub fn ending_at(bytes: usize) -> Self {
        Self { group: Group::default(), max_bits: bytes.saturating_mul(8) }
    }

    /// Adds a batch; `full` takes each group that it fills.
    ///
    /// What `full` gives back begins the next group.
    pub fn add<E>(
        &mut self,
        batch: &RecordBatch,
        mut full: impl FnMut(Group) -> Result<Vec<RecordBatch>, E>,
    ) -> Result<(), E> {
        let mut at = 0;
        while at < batch.num_rows() {
            let count = self.room(batch, at);
            if count == 0 {
                self.group = Group::of(full(std::mem::take(&mut self.group))?);
                continue;
            }
            self.group.batches.push(batch.slice(at, count));
            self.group.rows += count;
            self.group.bits += bits_of(batch, at, count);
            at += count;
        }
        Ok(())
    }

    /// The last group, if there are rows left.
    pub fn finish(self) -> Option<Group> {
        (self.group.rows > 0).then_some(self.group)
    }

    /// How many rows from `at` on the group still takes; at least one for an empty group.
    fn room(&self, batch: &RecordBatch, at: usize) -> usize {
        let most = (batch.num_rows() - at).min(MAX_ROWS - self.group.rows);
        let fits = |count: usize| self.group.bits + bits_of(batch, at, count) <= self.max_bits;
        if fits(most) {
            return most;
        }
        let (mut fitting, mut too_many) = (0, most);
        while too_many - fitting > 1 {
            let middle = fitting.midpoint(too_many);
            if fits(middle) { fitting = middle } else { too_many = middle }
        }
        if self.group.rows == 0 { fitting.max(1) } else { fitting }
    }
}

/// Bits of Arrow data of some rows, without those that tell which are null: a sum over rows, so
/// that it is the same however they are cut into batches. In bytes, truth values would be rounded
/// up in each batch.
///
/// Record numbers do not count: they take a MiB at most, and rows are grouped as they were before
/// there were any.
fn bits_of(batch: &RecordBatch, at: usize, count: usize) -> usize {
    let fields = batch.schema_ref().fields().iter().zip(batch.columns());
    let columns = fields.filter(|(field, _)| field.name() != RECORD_NUMBER);
    columns.map(|(_, column)| array_bits(column, at, count)).sum()
}

fn array_bits(array: &ArrayRef, at: usize, count: usize) -> usize {
    match array.data_type() {
        DataType::Utf8 => {
            let (_, length) = between(array.as_string::<i32>().value_offsets(), at, count);
            OFFSET_BITS * count + 8 * length
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let (start, length) = between(list.value_offsets(), at, count);
            OFFSET_BITS * count + array_bits(list.values(), start, length)
        }
        DataType::Map(..) => {
            let map = array.as_map();
            let (start, length) = between(map.value_offsets(), at, count);
            OFFSET_BITS * count
                + array_bits(map.keys(), start, length)
                + array_bits(map.values(), start, length)
        }
        DataType::Struct(_) => {
            array.as_struct().columns().iter().map(|it| array_bits(it, at, count)).sum()
        }
        DataType::Boolean | DataType::Null => count,
        other => 8 * count * other.primitive_width().unwrap_or(8),
    }
}

/// Where the values of some rows begin, and how many there are.
fn between(offsets: &[i32], at: usize, count: usize) -> (usize, usize) {
    let to_usize = |it: i32| usize::try_from(it).unwrap_or_default();
    let start = to_usize(offsets[at]);
    (start, to_usize(offsets[at + count]) - start)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Int64Array, StringArray};
    use arrow::datatypes::{Field, Schema};

    use super::*;

    fn batch(texts: &[usize]) -> RecordBatch {
        let schema = Schema::new(vec![
            Field::new("a", DataType::Int64, false),
            Field::new("b", DataType::Utf8, false),
        ]);
        let numbers =
            Int64Array::from_iter_values((0..texts.len()).map(|it| i64::try_from(it).unwrap()));
        let texts = StringArray::from_iter_values(texts.iter().map(|it| "x".repeat(*it)));
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(numbers), Arc::new(texts)]).unwrap()
    }

    fn sizes(batches: &[RecordBatch]) -> Vec<usize> {
        let mut grouper = Grouper::default();
        let mut sizes = Vec::new();
        for batch in batches {
            grouper
                .add(batch, |group| {
                    sizes.push(group.rows);
                    Ok::<_, ()>(Vec::new())
                })
                .unwrap();
        }
        sizes.extend(grouper.finish().map(|it| it.rows));
        sizes
    }

    #[test]
    fn groups_end_at_the_same_rows_however_the_rows_come() {
        let whole = batch(&vec![1; MAX_ROWS + 10]);
        let parts: Vec<_> = (0..13)
            .map(|it| whole.slice(it * 10_083, 10_083.min(whole.num_rows() - it * 10_083)))
            .collect();
        let rest = whole.slice(13 * 10_083, whole.num_rows() - 13 * 10_083);
        let parts: Vec<_> = parts.into_iter().chain([rest]).collect();
        assert_eq!(sizes(&[whole]), [MAX_ROWS, 10]);
        assert_eq!(sizes(&parts), [MAX_ROWS, 10]);
    }

    #[test]
    fn a_group_holds_no_more_than_its_bytes_but_always_a_row() {
        let half = MAX_BYTES / 2;
        assert_eq!(sizes(&[batch(&[half, half - 30, 1, MAX_BYTES + 1, 1])]), [2, 1, 1, 1]);
    }

    #[test]
    fn groups_that_bytes_end_end_at_the_same_rows_however_truth_values_come() {
        let eighth = MAX_BYTES / 8;
        let lengths = [&[eighth - 5; 7][..], &[eighth - 1]].concat();
        let texts: ArrayRef =
            Arc::new(StringArray::from_iter_values(lengths.iter().map(|it| "x".repeat(*it))));
        let flags: ArrayRef = Arc::new(BooleanArray::from(vec![true; lengths.len()]));
        let whole = RecordBatch::try_from_iter([("a", texts), ("b", flags)]).unwrap();
        let rows: Vec<RecordBatch> = (0..lengths.len()).map(|it| whole.slice(it, 1)).collect();
        assert_eq!(sizes(&[whole]), [8]);
        assert_eq!(sizes(&rows), [8]);
    }
}
