//! The rows of a record with several samples: what the record says is repeated for each of them.

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::DataType;

use super::unsound;
use crate::model::{Error, ErrorKind, Result};

/// Repeats each record for its samples.
pub struct Repeat {
    samples: usize,
    /// The record of each row; none where each record is one row.
    records: Option<UInt32Array>,
}

impl Repeat {
    /// Repeats so many records, each for so many samples.
    pub fn new(records: usize, samples: usize) -> Result<Self> {
        if samples == 1 {
            return Ok(Self { samples, records: None });
        }
        let records =
            u32::try_from(records).map_err(|_| Error::internal("a chunk has too many records"))?;
        let records = (0..records).flat_map(|it| std::iter::repeat_n(it, samples)).collect();
        Ok(Self { samples, records: Some(records) })
    }

    /// The rows of a column that has one for each record, whole and not a slice.
    pub fn apply(&self, array: ArrayRef) -> Result<ArrayRef> {
        let Some(records) = &self.records else { return Ok(array) };
        let elements = most_elements(&array).saturating_mul(self.samples);
        if i32::try_from(elements).is_err() {
            return Err(too_many(elements, self.samples));
        }
        take(&array, records, None).map_err(unsound)
    }
}

/// The most elements that an array has behind offsets, which have 32 bits, however deep they lie.
fn most_elements(array: &ArrayRef) -> usize {
    let within = |values: &ArrayRef| values.len().max(most_elements(values));
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value_data().len(),
        DataType::List(_) => within(array.as_list::<i32>().values()),
        DataType::Map(..) => {
            let map = array.as_map();
            within(map.keys()).max(within(map.values()))
        }
        DataType::Struct(_) => {
            array.as_struct().columns().iter().map(most_elements).max().unwrap_or_default()
        }
        _ => 0,
    }
}

fn too_many(elements: usize, samples: usize) -> Error {
    let message = format!(
        "a column would have {elements} bytes or values in the {samples} rows of a record, more \
         than an array holds ({})",
        i32::MAX
    );
    Error::new(ErrorKind::Unreadable, message).with_help(
        "every record becomes a row for each sample, with all that its INFO says: leave samples \
         out, for example with `bcftools view -s`, or all of them with `bcftools view -G`",
    )
}
