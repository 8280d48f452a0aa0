//! What may happen to a record between its parsing and the sink, whatever its format.

/// What to do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Store it as it stands in the file.
    AsIs,
    /// Store what was made of it in its place.
    Altered,
    /// Reject its line.
    Rejected,
    /// Leave its line out, which is no reason to fail.
    LeftOut,
}

/// Where a record lies, and its alleles, as the file spells them.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'l> {
    /// The contig.
    pub contig: &'l [u8],
    /// The first base, zero-based.
    pub start: u64,
    /// REF.
    pub reference: &'l [u8],
    /// ALT: `.`, or alleles separated by commas.
    pub alternates: &'l [u8],
}

/// What a value is in a record, of which a finding may be about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The contig.
    Contig,
    /// The position.
    Position,
    /// REF.
    Reference,
    /// ALT.
    Alternates,
}
