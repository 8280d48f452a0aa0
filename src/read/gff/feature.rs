//! What a line of GFF3 says: the words that reading and judging share.

/// The first eight columns of a row, decoded. `.` and nothing at all are absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Feature<'a> {
    /// The landmark.
    pub seqid: Option<&'a [u8]>,
    /// What made the feature.
    pub source: Option<&'a [u8]>,
    /// The type, called `kind` here since the other is a word of Rust.
    pub kind: Option<&'a [u8]>,
    /// First base, zero-based.
    pub start: Option<i64>,
    /// The base after the last one, zero-based.
    pub end: Option<i64>,
    /// The score.
    pub score: Option<f64>,
    /// The strand as it stands in the file: `+`, `-` or `?` where the file is sound.
    pub strand: Option<&'a [u8]>,
    /// The phase: 0, 1 or 2 where the file is sound.
    pub phase: Option<i32>,
}

/// A `##sequence-region` directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region<'a> {
    /// The landmark, decoded.
    pub seqid: &'a [u8],
    /// First base, one-based.
    pub start: i64,
    /// Last base, one-based; none where the directive does not give a bound to hold features to.
    pub end: Option<i64>,
}
