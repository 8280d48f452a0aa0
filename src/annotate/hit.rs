//! A row that is of an allele of a record.

use super::lookup::AlleleAt;

/// A row that is of an allele of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The ALT allele of the record, from zero.
    pub allele: usize,
    /// The number of the block, by which rows of several files are in order.
    pub block: u32,
    /// The row within the block.
    pub row: usize,
    /// The ALT allele of the row, from zero.
    pub of_row: usize,
    /// Which of the blocks that are held.
    pub place: usize,
}

impl Hit {
    /// An allele of a row of a block that is held at a place.
    pub fn new(allele: usize, place: usize, block: u32, found: AlleleAt) -> Self {
        Self { allele, block, row: found.row, of_row: found.allele, place }
    }

    /// Whether it is an allele of the row that another one is of.
    pub fn is_of_row(&self, other: &Self) -> bool {
        (self.block, self.row) == (other.block, other.row)
    }
}
