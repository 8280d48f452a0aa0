//! What is in a VCF file.

use std::cell::OnceCell;
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::allele;
use super::counts::ByteCounts;
use super::field::{Field, rounded};
use crate::diagnostic::profile::{Alleles, Counts, FieldProfile, Profile, Qualities};
use crate::model::{HalfOpen, Result, ValueType};
use crate::read::vcf::{ByColumn, Fixed, Header, Nothing, SampleColumn, Sink};

/// Counts the records of one chunk.
#[derive(Debug)]
pub struct VcfProfiler {
    contigs: ByteCounts,
    alleles: Alleles,
    filters: ByteCounts,
    quality: Qualities,
    /// The column of the frequencies, if there is one.
    frequencies: Option<usize>,
    /// The INFO columns that its records have, each with its place in the header.
    fields: ByColumn<(usize, Field)>,
    /// INFO entries without a column, or that do not fit it.
    others: ByteCounts,
    /// Values of samples, which are not counted.
    ignored: (Nothing, Field),
}

impl VcfProfiler {
    /// Nothing counted yet, for a file with so many INFO columns; which of them has frequencies.
    pub fn new(columns: usize, frequencies: Option<usize>) -> Self {
        Self {
            quality: Qualities::default(),
            frequencies,
            contigs: ByteCounts::default(),
            alleles: Alleles::default(),
            filters: ByteCounts::default(),
            fields: ByColumn::new(columns),
            others: ByteCounts::default(),
            ignored: Default::default(),
        }
    }

    #[inline]
    fn field(&mut self, column: usize) -> &mut Field {
        let is_frequency = self.frequencies == Some(column);
        let field = || if is_frequency { Field::of_frequencies() } else { Field::default() };
        match self.fields.place(column, || (column, field())) {
            Some(place) => &mut self.fields.met[place].1,
            None => &mut self.ignored.1,
        }
    }
}

impl Sink for VcfProfiler {
    type Output = Self;
    type Integers = Field;
    type SampleIntegers = Nothing;
    type Floats = Field;
    type Texts = Field;

    fn record(&mut self, fixed: &Fixed<'_>) {
        self.contigs.add(fixed.contig);
        allele::count(&mut self.alleles, fixed.reference, fixed.alternates);
        self.quality.add(fixed.quality);
        for filter in fixed.filters.split(|it| *it == b';') {
            self.filters.add(filter);
        }
    }

    fn integer(&mut self, column: usize, value: i64) {
        self.field(column).number(rounded(value));
    }
    fn float(&mut self, column: usize, value: f64) {
        self.field(column).float(value);
    }
    fn text(&mut self, column: usize, _: &[u8]) {
        self.field(column).value();
    }
    fn flag(&mut self, column: usize) {
        self.field(column).value();
    }
    fn integers(&mut self, column: usize) -> &mut Field {
        self.field(column)
    }
    fn floats(&mut self, column: usize) -> &mut Field {
        self.field(column)
    }
    fn texts(&mut self, column: usize) -> &mut Field {
        self.field(column)
    }
    fn forget(&mut self, column: usize) {
        self.field(column).forget();
    }
    fn other(&mut self, key: &[u8], _: &[u8]) {
        self.others.add(key);
    }

    fn sample(&mut self, _: usize) {}
    fn phased(&mut self, _: bool) {}
    fn sample_integer(&mut self, _: SampleColumn, _: i32) {}
    fn sample_integers(&mut self, _: SampleColumn) -> &mut Nothing {
        &mut self.ignored.0
    }
    fn sample_floats(&mut self, _: SampleColumn) -> &mut Field {
        &mut self.ignored.1
    }
    fn information(&mut self, _: &str, _: &[u8]) {}

    fn end_record(&mut self, _: HalfOpen) {}

    fn finish(self) -> Result<Self> {
        Ok(self)
    }
}

/// The INFO column that has frequencies: of key AF, where it is of floats.
pub fn frequencies(header: &Header) -> Option<usize> {
    header.info.iter().position(|it| it.key == "AF" && it.value == ValueType::Float)
}

/// What the chunks so far add up to.
#[derive(Debug)]
pub struct VcfProfile {
    columns: Vec<(String, ValueType)>,
    /// Where each key stands among the columns; made when the first one is asked for.
    places: OnceCell<HashMap<Vec<u8>, usize, FxBuildHasher>>,
    fields: Vec<Field>,
    profile: Profile,
}

impl VcfProfile {
    /// Nothing yet, for a file with this header.
    pub fn new(header: &Header) -> Self {
        let columns: Vec<_> = header.info.iter().map(|it| (it.key.clone(), it.value)).collect();
        let profile = Profile {
            alleles: Some(Alleles::default()),
            filters: Some(Counts::default()),
            samples: Some(header.samples.clone()),
            quality: Some(Qualities::default()),
            ..Profile::default()
        };
        let mut fields = vec![Field::default(); columns.len()];
        if let Some(column) = frequencies(header) {
            fields[column] = Field::of_frequencies();
        }
        Self { columns, places: OnceCell::new(), fields, profile }
    }

    /// Adds the next chunk.
    pub fn add(&mut self, chunk: &VcfProfiler) {
        chunk.contigs.add_to(&mut self.profile.contigs);
        if let Some(filters) = &mut self.profile.filters {
            chunk.filters.add_to(filters);
        }
        if let Some(alleles) = &mut self.profile.alleles {
            alleles.add(&chunk.alleles);
        }
        if let Some(quality) = &mut self.profile.quality {
            quality.merge(&chunk.quality);
        }
        for (column, next) in &chunk.fields.met {
            self.fields[*column].add(next);
        }
        for (key, count) in chunk.others.entries() {
            match self.place_of(key) {
                // A flag has been counted already, where it is set.
                Some(column) if self.columns[column].1 == ValueType::Flag => {}
                Some(column) => self.fields[column].filled += count,
                None => self.profile.undeclared.add(key, count),
            }
        }
    }

    fn place_of(&self, key: &[u8]) -> Option<usize> {
        let keys = || self.columns.iter().map(|it| it.0.clone().into_bytes()).zip(0..);
        self.places.get_or_init(|| keys().collect()).get(key).copied()
    }

    /// The profile of the file.
    pub fn finish(mut self) -> Profile {
        let frequencies = self.fields.iter_mut().find_map(|it| it.frequencies.take());
        self.profile.frequencies = frequencies.map(|it| *it);
        let fields = self.columns.into_iter().zip(&self.fields);
        self.profile.fields = fields
            .map(|(of, it)| FieldProfile { name: of.0, filled: it.filled, range: it.range() })
            .collect();
        self.profile
    }
}
