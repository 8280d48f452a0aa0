//! What an entry of INFO asks of its column.

use super::expected_key::ExpectedKey;
use super::judge::info::InfoValues;
use crate::model::ValueType;

/// A column, as the entries of a record need it.
pub struct Plan<'h> {
    /// Its key.
    pub key: ExpectedKey<'h>,
    /// Its type.
    pub kind: ValueType,
    /// Whether a record has a list of values.
    pub is_list: bool,
    /// Whether the rest of the record needs it.
    pub is_needed: bool,
    /// The record that had it last, to notice a key that comes twice.
    pub last_record: u64,
    /// Where its text stands among the others of the record, if it does.
    pub other: usize,
    /// What is to be checked of its values; nothing is known of columns that the header does not
    /// define.
    pub values: Option<InfoValues>,
}

/// Characters that an integer of 32 bits may have whatever they are.
const SURELY_32_BITS: usize = 9;

impl Plan<'_> {
    /// Whether a value that went into the column needs no further look.
    #[inline]
    pub fn is_done(&self, length: usize, count: usize, alternates: usize) -> bool {
        !self.is_needed
            && !self.may_be_wide(length)
            && self.values.is_some_and(|it| it.is_sound(count, alternates))
    }

    /// Whether an integer of so many characters may have more than 32 bits.
    #[inline]
    pub fn may_be_wide(&self, length: usize) -> bool {
        length > SURELY_32_BITS && self.kind == ValueType::Integer
    }
}
