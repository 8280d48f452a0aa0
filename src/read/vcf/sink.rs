//! Where the parser puts what it reads. Checking uses [`Nothing`], which builds nothing at all;
//! importing appends to columns.

use crate::model::{AnnotationKind, HalfOpen, Result};

/// The fixed fields of a record, as they stand in the file.
#[derive(Clone, Copy, Debug)]
pub struct Fixed<'a> {
    /// CHROM.
    pub contig: &'a [u8],
    /// ID: `.`, or ids separated by semicolons.
    pub ids: &'a [u8],
    /// REF.
    pub reference: &'a [u8],
    /// ALT: `.`, or alleles separated by commas.
    pub alternates: &'a [u8],
    /// QUAL; none where it is absent, -1 or no number.
    pub quality: Option<f64>,
    /// FILTER: `.`, or ids separated by semicolons.
    pub filters: &'a [u8],
    /// Whether it is one of the records that took the place of one with several ALT alleles.
    pub is_split: bool,
}

/// The columns that samples have beside `sampleid`, `phased` and `information`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleColumn {
    /// GT: `calls`.
    Calls,
    /// GL: `genotypelikelihoods`.
    Likelihoods,
    /// PL: `phredlikelihoods`.
    PhredLikelihoods,
    /// AD: `alleledepths`.
    AlleleDepths,
    /// GQ: `conditionalquality`.
    Quality,
    /// SPL: `spl`.
    Spl,
    /// DP: `depth`.
    Depth,
    /// PS: `ps`.
    PhaseSet,
}

/// Takes the elements of one list.
pub trait Elements<T> {
    /// Appends an element; none where the file has `.`.
    fn push(&mut self, value: Option<T>);
    /// Ends the list.
    fn finish(&mut self);
    /// Takes back what was pushed since the last end: the value turned out not to fit.
    fn abandon(&mut self);
}

/// Takes records, field by field. `column` counts the INFO columns of the file. The parser gives
/// each column at most one value for a record, or takes the one before back, and no map a key
/// twice. It decides that a record is sound before it begins it.
pub trait Sink {
    /// What a chunk becomes.
    type Output: Send + 'static;
    /// A list of integers of INFO under way.
    type Integers: Elements<i64>;
    /// A list of integers of a sample under way.
    type SampleIntegers: Elements<i32>;
    /// A list of floats under way.
    type Floats: Elements<f64>;
    /// A list of texts under way.
    type Texts: for<'a> Elements<&'a [u8]>;

    /// Begins a record.
    fn record(&mut self, fixed: &Fixed<'_>);
    /// An integer of INFO.
    fn integer(&mut self, column: usize, value: i64);
    /// A float of INFO.
    fn float(&mut self, column: usize, value: f64);
    /// A text of INFO.
    fn text(&mut self, column: usize, value: &[u8]);
    /// A flag of INFO that is set.
    fn flag(&mut self, column: usize);
    /// Begins a list of INFO.
    fn integers(&mut self, column: usize) -> &mut Self::Integers;
    /// Begins a list of INFO.
    fn floats(&mut self, column: usize) -> &mut Self::Floats;
    /// Begins a list of INFO.
    fn texts(&mut self, column: usize) -> &mut Self::Texts;
    /// Takes back what the record has in a column of INFO: its key comes again.
    fn forget(&mut self, column: usize);
    /// An INFO entry that has no column or does not fit it, or the text of a flag.
    fn other(&mut self, key: &[u8], value: &[u8]);

    /// Begins the annotations of the record, of which there may be none. A sink has to take
    /// annotations only where it wants to.
    fn annotations(&mut self, _: AnnotationKind) {}
    /// Begins an entry of the annotations.
    fn annotation(&mut self, _: AnnotationKind) {}
    /// A text of the entry, in the column of this index.
    fn annotation_text(&mut self, _: AnnotationKind, _: usize, _: &[u8]) {}
    /// A list of the entry, with what separates its elements.
    fn annotation_texts(&mut self, _: AnnotationKind, _: usize, _: &[u8], _: u8) {}
    /// Two texts of the entry.
    fn annotation_pair(&mut self, _: AnnotationKind, _: usize, _: Option<&[u8]>, _: Option<&[u8]>) {
    }
    /// A field of the entry that has no column, with its key.
    fn annotation_extra(&mut self, _: AnnotationKind, _: &str, _: &[u8]) {}

    /// Begins a sample.
    fn sample(&mut self, index: usize);
    /// Whether the genotype is phased.
    fn phased(&mut self, phased: bool);
    /// A sample's integer.
    fn sample_integer(&mut self, column: SampleColumn, value: i32);
    /// Begins a sample's list.
    fn sample_integers(&mut self, column: SampleColumn) -> &mut Self::SampleIntegers;
    /// Begins a sample's list.
    fn sample_floats(&mut self, column: SampleColumn) -> &mut Self::Floats;
    /// A sample's value that has no column or does not fit it, under its key in lower case.
    fn information(&mut self, key: &str, value: &[u8]);

    /// Ends the record; where it lies is known only after INFO, because of END.
    fn end_record(&mut self, span: HalfOpen);

    /// Ends the chunk.
    fn finish(self) -> Result<Self::Output>;
}

/// Takes everything and keeps nothing.
#[derive(Debug, Default)]
pub struct Nothing;

impl<T> Elements<T> for Nothing {
    fn push(&mut self, _: Option<T>) {}
    fn finish(&mut self) {}
    fn abandon(&mut self) {}
}

impl Sink for Nothing {
    type Output = ();
    type Integers = Self;
    type SampleIntegers = Self;
    type Floats = Self;
    type Texts = Self;

    fn record(&mut self, _: &Fixed<'_>) {}
    fn integer(&mut self, _: usize, _: i64) {}
    fn float(&mut self, _: usize, _: f64) {}
    fn text(&mut self, _: usize, _: &[u8]) {}
    fn flag(&mut self, _: usize) {}
    fn integers(&mut self, _: usize) -> &mut Self {
        self
    }
    fn floats(&mut self, _: usize) -> &mut Self {
        self
    }
    fn texts(&mut self, _: usize) -> &mut Self {
        self
    }
    fn forget(&mut self, _: usize) {}
    fn other(&mut self, _: &[u8], _: &[u8]) {}
    fn sample(&mut self, _: usize) {}
    fn phased(&mut self, _: bool) {}
    fn sample_integer(&mut self, _: SampleColumn, _: i32) {}
    fn sample_integers(&mut self, _: SampleColumn) -> &mut Self {
        self
    }
    fn sample_floats(&mut self, _: SampleColumn) -> &mut Self {
        self
    }
    fn information(&mut self, _: &str, _: &[u8]) {}
    fn end_record(&mut self, _: HalfOpen) {}
    fn finish(self) -> Result<()> {
        Ok(())
    }
}
