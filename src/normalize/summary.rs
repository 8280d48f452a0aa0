//! What normalization did.

use std::ops::AddAssign;

/// How many records came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records that were in their one form already, or have alleles that are not aligned (symbolic
    /// ones, breakends, `*`).
    pub unchanged: u64,
    /// Records that start further to the left than before.
    pub moved: u64,
    /// Records whose alleles only got shorter.
    pub trimmed: u64,
    /// Records that became several, one for each ALT allele; those count as moved or trimmed, too,
    /// where they are.
    pub split: u64,
    /// Records that do not fit the reference, and were stored as they are.
    pub unlike: u64,
    /// Records that do not fit the reference, and were left out.
    pub left_out: u64,
}

/// What a chunk of records came to.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    /// How many records came to what.
    pub counts: Counts,
    /// The normalized form of each record, in order, where it was asked for.
    pub forms: Vec<NormalizedForm>,
}

/// A record in its normalized form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NormalizedForm {
    /// The hash of contig, position, REF and ALT.
    pub hash: u64,
    /// The line within the chunk, from 1.
    pub line: u64,
    /// Whether the file has it in another form.
    pub changed: bool,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.unchanged += more.unchanged;
        self.moved += more.moved;
        self.trimmed += more.trimmed;
        self.split += more.split;
        self.unlike += more.unlike;
        self.left_out += more.left_out;
    }
}
