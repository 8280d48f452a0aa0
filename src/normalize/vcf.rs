//! VCF records, between the parser and the sink.

use std::sync::Arc;

use super::align::Change;
use super::normalizer::{NormalizeOptions, Normalizer, shown};
use super::split::{AlleleSplitter, SplitAllele};
use super::summary::Normalized;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::reference as rule;
use crate::model::coordinate::MAX_POSITION;
use crate::model::{Reference, Result};
use crate::read::vcf::{
    AlteredRecord, AlteredRecords, CandidateRecord, Chunk, Gate, Header, Open, Reader, Sink,
};
use crate::read::{Admission, LineReport, Records, Variant};

/// Normalizes the records of a chunk.
pub struct VcfNormalizer {
    inner: Normalizer,
    splitter: Arc<AlleleSplitter>,
}

/// Makes a normalizer for each chunk of a file.
#[derive(Clone)]
pub struct VcfNormalizers {
    reference: Arc<dyn Reference>,
    options: NormalizeOptions,
    splitter: Arc<AlleleSplitter>,
}

impl VcfNormalizers {
    /// For a file with this header.
    pub fn new(reference: Arc<dyn Reference>, options: NormalizeOptions, header: &Header) -> Self {
        Self { reference, options, splitter: Arc::new(AlleleSplitter::new(header)) }
    }

    /// For a file with this header whose records stay as they are: says what would become of them.
    pub fn looking(reference: Arc<dyn Reference>, header: &Header) -> Self {
        let options = NormalizeOptions { only_look: true, ..NormalizeOptions::default() };
        Self::new(reference, options, header)
    }

    /// The rules about the reference that are looked for on the way.
    pub fn rules(&self) -> Vec<&'static Rule> {
        self.options.rules()
    }

    /// The normalizer of a chunk.
    pub fn make(&self) -> VcfNormalizer {
        VcfNormalizer {
            inner: Normalizer::new(Arc::clone(&self.reference), self.options),
            splitter: Arc::clone(&self.splitter),
        }
    }
}

/// Parses the records of a file, each through a normalizer where there are any.
pub fn vcf_records<S: Sink>(
    reader: Reader,
    normalizers: Option<VcfNormalizers>,
    make_sink: impl Fn() -> S + Send + Sync + 'static,
) -> Records<Chunk<Normalized, S::Output>> {
    match normalizers {
        None => reader.records_through(move || (Open, make_sink())).map_output(|chunk| Chunk {
            gate: Normalized::default(),
            sites: chunk.sites,
            records: chunk.records,
        }),
        Some(normalizers) => reader.records_through(move || (normalizers.make(), make_sink())),
    }
}

impl Gate for VcfNormalizer {
    type Output = Normalized;

    fn admit(
        &mut self,
        record: &CandidateRecord<'_>,
        report: &mut LineReport,
        altered: &mut AlteredRecords,
    ) -> Admission {
        let splitter = &self.splitter;
        self.inner.guard(|it| {
            let admission = Look { normalizer: it, splitter, record }.look(report, altered)?;
            if it.options.only_look && admission == Admission::Altered {
                tell(it, record, report, altered);
                return Ok(Admission::AsIs);
            }
            Ok(admission)
        })
    }

    fn finish(self) -> Result<Normalized> {
        self.inner.finish()
    }
}

/// One record under the eyes of the normalizer.
struct Look<'a> {
    normalizer: &'a mut Normalizer,
    splitter: &'a AlleleSplitter,
    record: &'a CandidateRecord<'a>,
}

impl Look<'_> {
    fn look(&mut self, report: &mut LineReport, altered: &mut AlteredRecords) -> Result<Admission> {
        let record = self.record;
        let reference = &record.line[record.reference.clone()];
        let is_split =
            self.normalizer.options.split && record.line[record.alternates.clone()].contains(&b',');
        // Before the first base there is nothing to hold a record against, nor where REF is no
        // bases, which is a fault of its own.
        let is_letters = !reference.is_empty() && reference.iter().all(u8::is_ascii_alphabetic);
        let Some(variant) = record.variant().filter(|_| is_letters) else {
            if is_split {
                return Ok(self.parts_as_they_stand(altered));
            }
            self.normalizer.summary.counts.unchanged += 1;
            return Ok(Admission::AsIs);
        };
        if let Some(misfit) = self.normalizer.misfit(&variant)? {
            report.add(misfit.rule, record.line, record.range(misfit.role), || misfit.message);
            let admission = self.normalizer.unfit();
            let is_split = is_split && admission == Admission::AsIs;
            return Ok(if is_split { self.parts_as_they_stand(altered) } else { admission });
        }
        if variant.alternates == b"." && reference.len() > 1 {
            return Ok(self.without_alternates(altered));
        }
        if is_split {
            return self.parts(&variant, altered);
        }
        let change = self.normalizer.change(&variant)?;
        if change.is_none() {
            return Ok(self.normalizer.same(record.line_number, &variant));
        }
        self.alter(&variant, change, None, altered)?;
        Ok(Admission::Altered)
    }

    /// A record without ALT: of REF, the first base is enough.
    fn without_alternates(&mut self, altered: &mut AlteredRecords) -> Admission {
        let record = self.record;
        let it = altered.add();
        it.position = record.position.0;
        it.reference.push(record.line[record.reference.start].to_ascii_uppercase());
        it.alternates.push(b'.');
        self.normalizer.summary.counts.trimmed += 1;
        Admission::Altered
    }

    /// A record for each ALT allele.
    fn parts(&mut self, variant: &Variant<'_>, altered: &mut AlteredRecords) -> Result<Admission> {
        for (allele, alternates) in split_alleles(variant.alternates) {
            let variant = Variant { alternates, ..*variant };
            let change = self.normalizer.change(&variant)?;
            self.alter(&variant, change, Some(allele), altered)?;
        }
        self.normalizer.summary.counts.split += 1;
        Ok(Admission::Altered)
    }

    /// A record for each ALT allele of one that the reference cannot move or shorten.
    fn parts_as_they_stand(&mut self, altered: &mut AlteredRecords) -> Admission {
        let record = self.record;
        for (allele, alternate) in split_alleles(&record.line[record.alternates.clone()]) {
            self.unmoved(alternate, Some(allele), altered.add());
        }
        self.normalizer.summary.counts.split += 1;
        Admission::Altered
    }

    /// The record with one of its ALT alleles, where it lies.
    fn unmoved(&self, alternate: &[u8], allele: Option<SplitAllele>, it: &mut AlteredRecord) {
        let record = self.record;
        it.position = record.position.0;
        it.reference.extend_from_slice(&record.line[record.reference.clone()]);
        it.alternates.extend_from_slice(alternate);
        self.splitter.rewrite(record, allele, None, &mut it.line);
    }

    /// Adds the record that a change makes, with all ALT alleles or one of them.
    fn alter(
        &mut self,
        variant: &Variant<'_>,
        change: Change,
        allele: Option<SplitAllele>,
        altered: &mut AlteredRecords,
    ) -> Result<()> {
        let record = self.record;
        let it = altered.add();
        if change.is_none() {
            self.unmoved(variant.alternates, allele, it);
            return Ok(());
        }
        let AlteredRecord { reference, alternates, .. } = it;
        let start = self.normalizer.apply(variant, change, reference, alternates)?;
        it.position = u32::try_from(start + 1).unwrap_or(MAX_POSITION);
        if allele.is_some() || has_end(&record.line[record.info.clone()]) {
            let end = start + it.reference.len() as u64;
            self.splitter.rewrite(record, allele, Some(end), &mut it.line);
        }
        Ok(())
    }
}

/// The alleles of an ALT with several.
fn split_alleles(alternates: &[u8]) -> impl Iterator<Item = (SplitAllele, &[u8])> {
    let count = memchr::memchr_iter(b',', alternates).count() + 1;
    let alleles = alternates.split(|it| *it == b',').enumerate();
    alleles.map(move |(index, it)| (SplitAllele { index, count }, it))
}

/// Says what would become of a record that stays as it is.
fn tell(
    normalizer: &mut Normalizer,
    record: &CandidateRecord<'_>,
    report: &mut LineReport,
    altered: &AlteredRecords,
) {
    let contig = &record.line[record.contig.clone()];
    for it in altered.get() {
        let start = u64::from(it.position.saturating_sub(1));
        let (reference, alternates) = (&it.reference[..], &it.alternates[..]);
        let form = Variant { contig, start, reference, alternates };
        normalizer.note(record.line_number, &form, true);
    }
    let range = record.reference.start..record.alternates.end;
    report.add(&rule::NOT_NORMALIZED, record.line, range, || {
        let shown = |it: &AlteredRecord| shown(it.position.into(), &it.reference, &it.alternates);
        let forms: Vec<String> = altered.get().iter().map(shown).collect();
        format!("normalized, the record is `{}`", forms.join("`, `"))
    });
}

fn has_end(info: &[u8]) -> bool {
    info.starts_with(b"END=") || memchr::memmem::find(info, b";END=").is_some()
}
