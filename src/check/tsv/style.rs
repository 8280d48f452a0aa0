//! How contigs are named.

/// A way to name contigs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContigStyle {
    /// `chr1`
    Prefixed,
    /// `1`
    Bare,
    /// `NC_000001.11`
    Accession,
}

impl ContigStyle {
    /// The style of a name that belongs to one, as far as human chromosomes go.
    pub fn of(name: &[u8]) -> Option<Self> {
        let is_chromosome = |name: &[u8]| match name {
            b"X" | b"Y" | b"M" | b"MT" => true,
            [first @ b'1'..=b'9'] => first.is_ascii_digit(),
            [b'1' | b'2', second] => second.is_ascii_digit(),
            _ => false,
        };
        match name.get(..3) {
            Some(prefix) if prefix.eq_ignore_ascii_case(b"chr") => Some(Self::Prefixed),
            Some(b"NC_") => Some(Self::Accession),
            _ if is_chromosome(name) => Some(Self::Bare),
            _ => None,
        }
    }
}
