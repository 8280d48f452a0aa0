//! What became of the records of a file.

use std::collections::BTreeMap;

/// What one store had for the records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceCounts {
    /// Records on a contig that the store has.
    pub on_contigs: u64,
    /// Records where a row begins (rows with alleles only).
    pub at_rows: u64,
    /// Records that got something.
    pub hits: u64,
    /// Variants that several rows are of.
    pub several: u64,
    /// Fields that had more values than are joined.
    pub cut: u64,
    /// Fields that were left out, because a record would have had too many values of them.
    pub large: u64,
    /// Contigs of the file with the names that the store has for them, where those differ.
    pub renamed: BTreeMap<String, String>,
    /// A contig that the store has not.
    pub without: Option<String>,
}

/// What became of the records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordCounts {
    /// Records of the file.
    pub records: u64,
    /// Those that lie in the regions that were asked for.
    pub in_regions: u64,
    /// Those whose REF differs from the reference.
    pub misfits: u64,
    /// The first of them, in words.
    pub misfit: Option<String>,
    /// Those on contigs that the reference has not, by which nothing is put into its one form.
    pub off_reference: u64,
    /// Those that got something from some store.
    pub annotated: u64,
    /// Those that were written.
    pub written: u64,
    /// Values of the file that gave way to those of a store.
    pub replaced: u64,
    /// Whether a record came before one that it should come behind.
    pub unsorted: bool,
    /// Whether the last line of the file has no break.
    pub is_open: bool,
    /// By store, in the order in which they were asked for.
    pub sources: Vec<SourceCounts>,
}

/// Contigs whose names are told.
const TOLD: usize = 3;

impl SourceCounts {
    fn add(&mut self, more: Self) {
        self.on_contigs += more.on_contigs;
        self.at_rows += more.at_rows;
        self.hits += more.hits;
        self.several += more.several;
        self.cut += more.cut;
        self.large += more.large;
        for (own, other) in more.renamed {
            if self.renamed.len() < TOLD {
                self.renamed.insert(own, other);
            }
        }
        self.without = self.without.take().or(more.without);
    }
}

impl RecordCounts {
    /// Of so many stores, nothing yet.
    pub fn new(sources: usize) -> Self {
        Self { sources: vec![SourceCounts::default(); sources], ..Self::default() }
    }

    /// Adds those of the next chunk.
    pub fn add(&mut self, more: Self) {
        self.records += more.records;
        self.in_regions += more.in_regions;
        self.misfits += more.misfits;
        self.misfit = self.misfit.take().or(more.misfit);
        self.off_reference += more.off_reference;
        self.annotated += more.annotated;
        self.written += more.written;
        self.replaced += more.replaced;
        self.unsorted |= more.unsorted;
        for (own, more) in self.sources.iter_mut().zip(more.sources) {
            own.add(more);
        }
    }
}
