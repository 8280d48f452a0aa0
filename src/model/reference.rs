//! The bases that variants are held against.

use std::sync::Arc;

use super::Result;

/// Bases of a block: of all blocks of a contig but the last, which may have fewer.
pub const BLOCK_BASES: usize = 1 << 16;

/// A reference sequence, read in blocks. Many threads share one.
pub trait Reference: Send + Sync {
    /// The number of the contig of this name.
    fn contig(&self, name: &[u8]) -> Option<usize>;

    /// The bases of a contig.
    fn length(&self, contig: usize) -> u64;

    /// The bases from `block * BLOCK_BASES` on, at most [`BLOCK_BASES`]: `A`, `C`, `G`, `T`, and
    /// `N` for everything else.
    ///
    /// Fails with [`Unreadable`](super::ErrorKind::Unreadable) where they cannot be read or are
    /// not what was indexed. Beyond the contig there are no bases.
    fn block(&self, contig: usize, block: u64) -> Result<Arc<[u8]>>;
}

/// The base as a reference has it: in upper case, and `N` for all but `A`, `C`, `G` and `T`.
#[must_use]
pub const fn plain_base(letter: u8) -> u8 {
    match letter.to_ascii_uppercase() {
        base @ (b'A' | b'C' | b'G' | b'T') => base,
        _ => b'N',
    }
}
