//! What two rows have to have in common, as numbers of groups.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::Result;
use rustc_hash::FxHashMap;

/// How the values of key columns become bytes, which are equal where the values are.
#[derive(Debug)]
pub struct Keys {
    /// None where one column of texts gives its own bytes.
    converter: Option<RowConverter>,
    nulls_are_equal: bool,
}

impl Keys {
    /// Keys of these types.
    pub fn new(types: &[DataType], nulls_are_equal: bool) -> Result<Self> {
        let converter = match types {
            [] => None,
            [DataType::Utf8] if !nulls_are_equal => None,
            _ => Some(RowConverter::new(types.iter().cloned().map(SortField::new).collect())?),
        };
        Ok(Self { converter, nulls_are_equal })
    }

    /// Whether values of a type are equal where SQL says so: it is not so of floats.
    pub fn can_be(data_type: &DataType) -> bool {
        data_type.is_integer()
            || data_type.is_decimal()
            || data_type.is_temporal()
            || data_type.is_string()
            || *data_type == DataType::Boolean
    }

    /// The keys of the rows of a batch.
    pub fn of(&self, columns: &[ArrayRef]) -> Result<KeyRows> {
        let Some(converter) = &self.converter else {
            return Ok(match columns {
                [texts] => KeyRows::Texts(texts.as_string().clone()),
                _ => KeyRows::All,
            });
        };
        let none = |found: Option<NullBuffer>, column: &ArrayRef| {
            NullBuffer::union(found.as_ref(), column.logical_nulls().as_ref())
        };
        let nulls = if self.nulls_are_equal { None } else { columns.iter().fold(None, none) };
        Ok(KeyRows::Rows(converter.convert_columns(columns)?, nulls))
    }
}

/// The keys of some rows.
pub enum KeyRows {
    /// There is no key: all rows are of one group.
    All,
    /// Texts are their own keys.
    Texts(StringArray),
    /// The bytes of several columns, and which rows have a null among them.
    Rows(Rows, Option<NullBuffer>),
}

impl KeyRows {
    /// The key of a row; none where it can be equal to no other.
    pub fn key(&self, row: usize) -> Option<&[u8]> {
        match self {
            Self::All => Some(&[]),
            Self::Texts(texts) => texts.is_valid(row).then(|| texts.value(row).as_bytes()),
            Self::Rows(rows, nulls) => {
                let is_valid = nulls.as_ref().is_none_or(|it| it.is_valid(row));
                is_valid.then(|| rows.row(row).data())
            }
        }
    }
}

/// The numbers of the keys that there are.
#[derive(Debug, Default)]
pub struct Groups {
    numbers: FxHashMap<Arc<[u8]>, u32>,
    last: Option<(Arc<[u8]>, u32)>,
}

impl Groups {
    /// The number of a key, and how many bytes it takes to keep it where it is new.
    pub fn add(&mut self, key: &[u8]) -> (u32, usize) {
        if let Some((last, number)) = &self.last
            && **last == *key
        {
            return (*number, 0);
        }
        let (kept, number, bytes) = if let Some((kept, number)) = self.numbers.get_key_value(key) {
            (Arc::clone(kept), *number, 0)
        } else {
            let kept: Arc<[u8]> = key.into();
            let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            self.numbers.insert(Arc::clone(&kept), number);
            (kept, number, 2 * key.len() + 64)
        };
        self.last = Some((kept, number));
        (number, bytes)
    }

    /// The number of the key of each row, where it is known.
    pub fn of(&self, keys: &KeyRows, rows: usize) -> Vec<Option<u32>> {
        let mut last: (Option<&[u8]>, Option<u32>) = (None, None);
        let number = |row| {
            let key = keys.key(row);
            // Rows beside one another often lie on one contig.
            if key != last.0 {
                last = (key, key.and_then(|it| self.numbers.get(it).copied()));
            }
            last.1
        };
        (0..rows).map(number).collect()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }
}
