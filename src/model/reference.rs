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

    /// The letters from `block * BLOCK_BASES` on, at most [`BLOCK_BASES`]: those of
    /// [`sequence_letter`].
    ///
    /// Fails with [`Unreadable`](super::ErrorKind::Unreadable) where they cannot be read or are
    /// not what was indexed. Beyond the contig there are no bases.
    fn block(&self, contig: usize, block: u64) -> Result<Arc<[u8]>>;
}

/// The letter of a sequence as a reference has it: in upper case, and `N` for all but bases and
/// IUPAC ambiguity codes.
#[must_use]
pub const fn sequence_letter(letter: u8) -> u8 {
    match letter.to_ascii_uppercase() {
        code @ (b'A' | b'C' | b'G' | b'T' | b'R' | b'Y' | b'S' | b'W' | b'K' | b'M' | b'B'
        | b'D' | b'H' | b'V') => code,
        _ => b'N',
    }
}

/// The base that VCF writes for a letter of a sequence: for an IUPAC ambiguity code the first of
/// its bases in the alphabet (VCF 4.3, section 1.6.1, REF), `N` for all else.
#[must_use]
pub const fn concrete_base(letter: u8) -> u8 {
    match letter.to_ascii_uppercase() {
        b'A' | b'R' | b'W' | b'M' | b'D' | b'H' | b'V' => b'A',
        b'C' | b'Y' | b'S' | b'B' => b'C',
        b'G' | b'K' => b'G',
        b'T' => b'T',
        _ => b'N',
    }
}
