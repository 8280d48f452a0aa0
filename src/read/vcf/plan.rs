//! What an entry of INFO asks of its column.

use super::expected_key::ExpectedKey;
use super::file::VcfFile;
use super::judge::info::InfoValues;
use crate::model::ValueType;

/// A column, as the entries of a record need it.
pub struct Plan<'h> {
    /// Which of the definitions of the header it is.
    pub column: usize,
    /// Its key.
    pub key: ExpectedKey<'h>,
    /// Its type.
    pub kind: ValueType,
    /// Whether a record has a list of values.
    pub is_list: bool,
    /// Whether the sink has no such column, so that its text is kept.
    pub is_text: bool,
    /// Whether it is END.
    pub is_end: bool,
    /// The source of annotations that its values are.
    pub annotation: Option<usize>,
    /// The record that had it last, to notice a key that comes twice.
    pub last_record: u64,
    /// Where its text stands among the others of the record, if it does.
    pub other: usize,
    /// What is to be checked of its values.
    pub values: InfoValues,
}

/// Characters that an integer of 32 bits may have whatever they are.
const SURELY_32_BITS: usize = 9;

impl<'h> Plan<'h> {
    /// The plan for a column of a file, counted from 0; the file has to have it.
    pub fn new(file: &'h VcfFile, column: usize) -> Self {
        let definition = &file.header.info[column];
        let (kind, is_list) = file.form(column);
        let mut annotated = file.annotations.info_columns().into_iter();
        Self {
            column,
            key: ExpectedKey::of(definition.key.as_bytes()),
            kind,
            is_list,
            is_text: column >= file.stored,
            is_end: definition.key == "END",
            annotation: annotated.position(|it| it == Some(column)),
            last_record: 0,
            other: usize::MAX,
            values: InfoValues::of(definition, file.header.minor()),
        }
    }

    /// Its key, as text.
    pub fn name(&self, file: &'h VcfFile) -> &'h str {
        &file.header.info[self.column].key
    }

    /// Whether the rest of the record needs its values.
    #[inline]
    fn is_needed(&self) -> bool {
        self.is_text || self.is_end || self.annotation.is_some()
    }

    /// Whether a value that went into the column needs no further look.
    #[inline]
    pub fn is_done(&self, length: usize, count: usize, alternates: usize) -> bool {
        !self.is_needed() && !self.may_be_wide(length) && self.values.is_sound(count, alternates)
    }

    /// Whether an integer of so many characters may have more than 32 bits.
    #[inline]
    pub fn may_be_wide(&self, length: usize) -> bool {
        length > SURELY_32_BITS && self.kind == ValueType::Integer
    }
}
