//! What is in a file, beside what is wrong with it.

mod histograms;

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

pub use histograms::{Bin, Frequencies, IndelLengths, Qualities};

/// The contents of one file, counted over the records that an import stores.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Records by contig.
    pub contigs: Counts,
    /// The alternate alleles; none for formats without alleles.
    pub alleles: Option<Alleles>,
    /// Records by the values of FILTER, each value of a record counted; none for formats without.
    pub filters: Option<Counts>,
    /// QUAL; none for formats without.
    pub quality: Option<Qualities>,
    /// The frequencies of INFO key AF; none where the header does not declare it as Float.
    pub frequencies: Option<Frequencies>,
    /// The samples of the file, in its order; none for formats without.
    pub samples: Option<Vec<String>>,
    /// INFO keys in the order of the header, or columns in that of the schema.
    pub fields: Vec<FieldProfile>,
    /// INFO keys that the header does not declare, by records.
    pub undeclared: Counts,
}

/// How often a field has a value, and between what they lie.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldProfile {
    /// The INFO key or column.
    pub name: String,
    /// Records that have it.
    pub filled: u64,
    /// Its least and its greatest number; none where it has no numbers. NaN is left out.
    pub range: Option<(f64, f64)>,
}

/// Alternate alleles by what they do to the reference. Bases that both alleles begin or end with
/// do not count, as in `bcftools stats`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alleles {
    /// One base for another, from purine to purine or from pyrimidine to pyrimidine.
    pub transitions: u64,
    /// One base for another, otherwise; also where one of them is N.
    pub transversions: u64,
    /// Several bases for as many others.
    pub mnvs: u64,
    /// Bases that come in.
    pub insertions: u64,
    /// Bases that go.
    pub deletions: u64,
    /// Several bases for another number of others.
    pub complex: u64,
    /// `<DEL>` and the like.
    pub symbolic: u64,
    /// Breakends.
    pub breakends: u64,
    /// `*`: the allele is missing because of a deletion further up.
    pub spanning_deletions: u64,
    /// `<*>` or `<NON_REF>`: any other allele.
    pub unspecified: u64,
    /// Alleles that repeat the reference or follow no grammar.
    pub other: u64,
    /// Records with more than one alternate allele.
    pub multiallelic_records: u64,
    /// Records without an alternate allele, or with an unspecified one alone.
    pub records_without_alternate: u64,
    /// How long insertions and deletions are.
    pub indel_lengths: IndelLengths,
}

impl Alleles {
    /// One base for another.
    pub fn snvs(&self) -> u64 {
        self.transitions + self.transversions
    }

    /// Transitions for each transversion; none where there is no transversion.
    #[allow(clippy::cast_precision_loss)] // a ratio of three digits
    pub fn transition_ratio(&self) -> Option<f64> {
        (self.transversions > 0).then(|| self.transitions as f64 / self.transversions as f64)
    }

    /// All alternate alleles.
    pub fn total(&self) -> u64 {
        self.kinds().iter().map(|it| it.1).sum()
    }

    /// The kinds with their names, for people and for JSON.
    pub fn kinds(&self) -> [(&'static str, u64); 10] {
        [
            ("snv", self.snvs()),
            ("insertion", self.insertions),
            ("deletion", self.deletions),
            ("mnv", self.mnvs),
            ("complex", self.complex),
            ("symbolic", self.symbolic),
            ("breakend", self.breakends),
            ("spanning-deletion", self.spanning_deletions),
            ("unspecified", self.unspecified),
            ("other", self.other),
        ]
    }

    /// Adds those of the next stretch of the file.
    pub fn add(&mut self, next: &Self) {
        self.transitions += next.transitions;
        self.transversions += next.transversions;
        self.mnvs += next.mnvs;
        self.insertions += next.insertions;
        self.deletions += next.deletions;
        self.complex += next.complex;
        self.symbolic += next.symbolic;
        self.breakends += next.breakends;
        self.spanning_deletions += next.spanning_deletions;
        self.unspecified += next.unspecified;
        self.other += next.other;
        self.multiallelic_records += next.multiallelic_records;
        self.records_without_alternate += next.records_without_alternate;
        self.indel_lengths.add(&next.indel_lengths);
    }
}

/// How often each name comes, in the order in which they first do. The first [`Counts::MAX_NAMES`]
/// are kept, so that a file that has another name in each line needs no more memory.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    entries: Vec<(String, u64)>,
    places: HashMap<String, usize, FxBuildHasher>,
    others: u64,
}

impl Counts {
    /// Names that are told apart.
    pub const MAX_NAMES: usize = 10_000;
    /// Bytes of a name that is told apart.
    const MAX_NAME_BYTES: usize = 1_000;

    /// Counts a name.
    pub fn add(&mut self, name: &[u8], count: u64) {
        let name = String::from_utf8_lossy(name);
        if let Some(place) = self.places.get(name.as_ref()) {
            self.entries[*place].1 += count;
        } else if self.entries.len() < Self::MAX_NAMES && name.len() <= Self::MAX_NAME_BYTES {
            self.places.insert(name.clone().into_owned(), self.entries.len());
            self.entries.push((name.into_owned(), count));
        } else {
            self.others += count;
        }
    }

    /// The names with their counts.
    pub fn entries(&self) -> &[(String, u64)] {
        &self.entries
    }

    /// The count of all names that are not told apart.
    pub fn others(&self) -> u64 {
        self.others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_past_the_bound_are_counted_together() {
        let mut counts = Counts::default();
        for number in 0..Counts::MAX_NAMES + 5 {
            counts.add(number.to_string().as_bytes(), 2);
        }
        counts.add(b"0", 1);
        counts.add(&[b'x'; 2_000], 1);
        assert_eq!(counts.entries().len(), Counts::MAX_NAMES);
        assert_eq!(counts.entries()[0], ("0".to_owned(), 3));
        assert_eq!(counts.others(), 11);
    }
}
