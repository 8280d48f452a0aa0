//! A part of both versions that fits into memory.

/// A piece of both versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffPiece {
    /// The rows for which this holds.
    Where(String),
    /// One of so many shares of all rows, by the hash of their keys.
    Share(u64, u64),
}

impl DiffPiece {
    /// What SQL is asked for.
    pub fn condition(&self) -> String {
        match self {
            Self::Where(condition) => format!(" WHERE {condition}"),
            Self::Share(..) => String::new(),
        }
    }

    /// The share of the rows that are read, and of how many.
    pub fn share(&self) -> Option<(u64, u64)> {
        match self {
            Self::Where(_) => None,
            Self::Share(share, of) => Some((*share, *of)),
        }
    }
}
