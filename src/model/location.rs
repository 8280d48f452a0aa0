//! Places in a text file.

use std::fmt;

/// A place in a file. Line and column are 1-based; the column counts bytes. Line 0 means the file
/// as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The physical line, 1-based; 0 for the file as a whole.
    pub line: u64,
    /// The byte within the line, 1-based; 0 for the line as a whole.
    pub column: u32,
}

impl Location {
    /// The file as a whole.
    pub const FILE: Self = Self { line: 0, column: 0 };

    /// A place from a 1-based line and the 0-based byte offset within it.
    pub fn at(line: u64, offset: usize) -> Self {
        Self { line, column: u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(1) }
    }
}

/// `line:column`, or `line` alone, or nothing for the file as a whole.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => Ok(()),
            (line, 0) => write!(f, "{line}"),
            (line, column) => write!(f, "{line}:{column}"),
        }
    }
}
