//! Where the rows of a column of texts, lists or maps end, and which of them are null.

use std::ops::Range;

use arrow::array::NullBufferBuilder;
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};

use crate::model::{Error, Result};
use crate::write::room::{Buffers, Growing};

/// The ends of rows, counted in the elements of all rows.
pub struct Offsets {
    /// One more than there are rows: where the first one begins comes first.
    ends: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl Default for Offsets {
    fn default() -> Self {
        Self { ends: vec![0], nulls: NullBufferBuilder::new(0) }
    }
}

impl Offsets {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.ends.len() - 1
    }

    /// Adds empty rows, marked null, until there are `rows`.
    #[inline]
    pub fn fill(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.rows());
        if missing > 0 {
            let end = self.ends.last().copied().unwrap_or_default();
            self.ends.resize(rows + 1, end);
            self.nulls.append_n_nulls(missing);
        }
    }

    /// Ends a row, after which there are `length` elements in all.
    #[inline]
    pub fn end(&mut self, length: usize) {
        self.ends.push(to_offset(length));
        self.nulls.append_non_null();
    }

    /// Ends a row that is null.
    pub fn end_null(&mut self, length: usize) {
        self.ends.push(to_offset(length));
        self.nulls.append_null();
    }

    /// The elements of all rows that have ended.
    pub fn length(&self) -> usize {
        self.ends.last().map_or(0, |it| to_length(*it))
    }

    /// Takes back all rows but the first `rows`.
    pub fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows + 1);
        self.nulls.truncate(rows);
    }

    /// The elements of each row.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.ends.windows(2).map(|it| to_length(it[0])..to_length(it[1]))
    }

    /// The offsets of `rows` rows as Arrow has them, and which rows are null. Fails where the rows
    /// have more elements than 32 bits count.
    pub fn finish(
        mut self,
        rows: usize,
        length: usize,
    ) -> Result<(OffsetBuffer<i32>, Option<NullBuffer>)> {
        if i32::try_from(length).is_err() {
            return Err(Error::internal(format!(
                "a column of a chunk has {length} elements, and one array holds {} at most",
                i32::MAX
            )));
        }
        self.fill(rows);
        Ok((OffsetBuffer::new(ScalarBuffer::from(self.ends)), self.nulls.finish()))
    }
}

/// The length that does not fit is found when the column is finished, and not at each value.
#[inline]
fn to_offset(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

fn to_length(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

impl Buffers for Offsets {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        see(&mut self.ends);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_elements_than_an_array_holds_are_an_error() {
        let most = usize::try_from(i32::MAX).unwrap();
        for (length, fits) in [(most, true), (most + 1, false)] {
            let mut offsets = Offsets::default();
            offsets.end(length);
            assert_eq!(offsets.finish(1, length).is_ok(), fits, "{length}");
        }
    }
}
