//! Where the records of a chunk lie, so that order and duplicates can be judged over the whole
//! file.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// The records of a chunk, in order. Lines are counted from 1 within it.
#[derive(Debug, Default)]
pub struct Sites {
    /// Each stretch of one contig: its name, and the place of its first site below.
    pub contigs: Vec<(Box<[u8]>, usize)>,
    /// A site for each record and, beyond the first, for each further ALT allele.
    pub sites: Vec<Site>,
}

/// A record, or one of its ALT alleles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its line.
    pub line: u64,
    /// POS.
    pub position: u32,
    /// Where the first base changes.
    pub changed: u32,
    /// A hash of the place and the bases that change; 0 where the allele is not bases.
    pub change: u64,
}

impl Sites {
    /// Adds a record with REF and ALT.
    pub fn add(
        &mut self,
        line: u64,
        contig: &[u8],
        position: u32,
        [reference, alternates]: [&[u8]; 2],
    ) {
        if self.contigs.last().is_none_or(|it| *it.0 != *contig) {
            self.contigs.push((contig.into(), self.sites.len()));
        }
        for allele in alternates.split(|it| *it == b',') {
            let (changed, change) = change(position, reference, allele);
            self.sites.push(Site { line, position, changed, change });
        }
    }
}

/// Where an allele differs from REF, and a hash of the difference. Bases are compared in upper
/// case.
fn change(position: u32, reference: &[u8], allele: &[u8]) -> (u32, u64) {
    let is_bases = |it: &[u8]| !it.is_empty() && it.iter().all(u8::is_ascii_alphabetic);
    if !is_bases(allele) || !is_bases(reference) {
        return (position, 0);
    }
    let same = |a: &u8, b: &u8| a.eq_ignore_ascii_case(b);
    let shorter = reference.len().min(allele.len());
    let pairs = reference.iter().rev().zip(allele.iter().rev());
    let behind = pairs.take_while(|(a, b)| same(a, b)).count();
    let rest = shorter - behind;
    let ahead =
        reference[..rest].iter().zip(&allele[..rest]).take_while(|(a, b)| same(a, b)).count();
    let changed = position.saturating_add(u32::try_from(ahead).unwrap_or(u32::MAX));
    let mut hasher = FxHasher::default();
    hasher.write_u32(changed);
    for bases in
        [&reference[ahead..reference.len() - behind], &allele[ahead..allele.len() - behind]]
    {
        for base in bases {
            hasher.write_u8(base.to_ascii_uppercase());
        }
        hasher.write_u8(b'>');
    }
    (changed, hasher.finish().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_change_is_equal_however_it_is_written() {
        let short = change(130, b"A", b"G");
        assert_eq!(change(127, b"TTTAT", b"TTTGT"), short);
        assert_eq!(change(130, b"a", b"g"), short);
        assert_ne!(change(130, b"A", b"C").1, short.1);
        assert_ne!(change(129, b"A", b"G").1, short.1);
        assert_eq!(change(130, b"A", b"<DEL>"), (130, 0));
        assert_eq!(change(5, b"A", b"A").0, 5);
    }
}
