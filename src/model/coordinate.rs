//! Genomic coordinates. Files count from one and include both ends; stores count from zero and
//! leave the end out. The two are different types, and this is the only place where one becomes
//! the other.

/// A position as VCF and GFF3 write it: one-based. Zero is the telomere before the first base (VCF
/// 4.2, section 1.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OneBased(pub u32);

/// A stretch as the store keeps it: zero-based, the end not included. A telomere record starts at
/// −1, as in the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HalfOpen {
    /// First base, zero-based.
    pub start: i64,
    /// The base after the last one, zero-based.
    pub end: i64,
}

/// The highest position: POS is an Integer, which has 32 bits (VCF 4.3, section 1.3).
pub const MAX_POSITION: u32 = i32::MAX as u32;

impl HalfOpen {
    /// The stretch of `length` bases that begins at a one-based position.
    pub fn from_length(position: OneBased, length: usize) -> Self {
        let start = i64::from(position.0) - 1;
        Self { start, end: start + i64::try_from(length).unwrap_or(i64::MAX / 2) }
    }

    /// The stretch from one one-based position to another, both included.
    pub fn from_inclusive(first: OneBased, last: OneBased) -> Self {
        Self { start: i64::from(first.0) - 1, end: i64::from(last.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_base_is_zero_to_one() {
        assert_eq!(HalfOpen::from_length(OneBased(1), 1), HalfOpen { start: 0, end: 1 });
        assert_eq!(
            HalfOpen::from_inclusive(OneBased(1), OneBased(1)),
            HalfOpen { start: 0, end: 1 }
        );
    }

    #[test]
    fn the_telomere_starts_before_zero() {
        assert_eq!(HalfOpen::from_length(OneBased(0), 1), HalfOpen { start: -1, end: 0 });
    }
}
