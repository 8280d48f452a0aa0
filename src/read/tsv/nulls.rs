//! Cells that a store takes for absent by a setting of its own.

use crate::model::NullMarks;

/// Which cells are null though they are not empty.
#[derive(Clone, Debug)]
pub(super) struct NullCells {
    marks: NullMarks,
    /// Contig and alleles, where a mark means something: `.` is no other allele.
    kept: [Option<usize>; 3],
    /// Whether it is to be told what the service makes of them.
    pub are_told: bool,
}

impl NullCells {
    /// The cells that are one of the marks, but for the columns of contig and alleles.
    pub fn new(marks: NullMarks, kept: [Option<usize>; 3]) -> Self {
        Self { marks, kept, are_told: false }
    }

    /// The same cells, of which it is told what the service makes of them.
    pub fn told(self) -> Self {
        Self { are_told: true, ..self }
    }

    /// Whether a cell is null.
    pub fn holds(&self, column: usize, cell: &[u8]) -> bool {
        self.marks.contains(cell) && !self.kept.contains(&Some(column))
    }
}
