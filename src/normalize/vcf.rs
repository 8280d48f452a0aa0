//! VCF records, between the parser and the sink.

use std::hash::Hasher as _;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::alias::likely_alias;
use super::align::{Change, align};
use super::cursor::Cursor;
use super::split::{Part, Splitter};
use super::summary::{Form, Summary};
use crate::diagnostic::printable;
use crate::diagnostic::rules::reference as rule;
use crate::model::coordinate::MAX_POSITION;
use crate::model::reference::plain_base;
use crate::model::{Error, Reference, Result};
use crate::read::vcf::{Admission, AlteredRecords, Candidate, Gate, Header, Report};

/// What to do with a record whose REF is not what the reference has there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefMismatch {
    /// Reject its line.
    #[default]
    Error,
    /// Store it as it is.
    Warn,
    /// Leave its line out.
    Skip,
}

/// How to normalize.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NormalizeOptions {
    /// What to do with a record that does not fit the reference.
    pub mismatch: RefMismatch,
    /// Whether a record with several ALT alleles becomes one for each.
    pub split: bool,
    /// Whether to leave records as they are, and say what would become of them.
    pub only_look: bool,
}

/// Normalizes the records of a chunk.
pub struct VcfNormalizer {
    options: NormalizeOptions,
    splitter: Arc<Splitter>,
    cursor: Cursor,
    summary: Summary,
    /// The first failure to read the reference.
    failed: Option<Error>,
    before: Vec<u8>,
}

/// Makes a normalizer for each chunk of a file.
#[derive(Clone)]
pub struct VcfNormalizers {
    reference: Arc<dyn Reference>,
    options: NormalizeOptions,
    splitter: Arc<Splitter>,
}

/// Bases of an allele that a message shows.
const SHOWN: usize = 50;

impl VcfNormalizers {
    /// For a file with this header.
    pub fn new(reference: Arc<dyn Reference>, options: NormalizeOptions, header: &Header) -> Self {
        Self { reference, options, splitter: Arc::new(Splitter::new(header)) }
    }

    /// The same, leaving the records as they are, and saying what would become of them.
    pub fn looking(reference: Arc<dyn Reference>, header: &Header) -> Self {
        let options = NormalizeOptions { only_look: true, ..NormalizeOptions::default() };
        Self::new(reference, options, header)
    }

    /// The normalizer of a chunk.
    pub fn make(&self) -> VcfNormalizer {
        VcfNormalizer {
            options: self.options,
            splitter: Arc::clone(&self.splitter),
            cursor: Cursor::new(Arc::clone(&self.reference)),
            summary: Summary::default(),
            failed: None,
            before: Vec::new(),
        }
    }
}

impl Gate for VcfNormalizer {
    type Output = Summary;

    fn admit(
        &mut self,
        record: &Candidate<'_>,
        report: &mut Report,
        altered: &mut AlteredRecords,
    ) -> Admission {
        // Once the reference cannot be read, the whole import fails.
        if self.failed.is_some() {
            return Admission::Rejected;
        }
        match self.look(record, report, altered) {
            Ok(admission) if self.options.only_look => {
                if admission == Admission::AsIs {
                    admission
                } else {
                    self.tell(record, report, altered)
                }
            }
            Ok(admission) => admission,
            Err(error) => {
                self.failed = Some(error);
                Admission::Rejected
            }
        }
    }

    fn finish(self) -> Result<Summary> {
        self.failed.map_or(Ok(self.summary), Err)
    }
}

impl VcfNormalizer {
    fn look(
        &mut self,
        record: &Candidate<'_>,
        report: &mut Report,
        altered: &mut AlteredRecords,
    ) -> Result<Admission> {
        let reference = &record.line[record.reference.clone()];
        let alternates = &record.line[record.alternates.clone()];
        // Before the first base there is nothing to hold a record against, nor where REF is no bases, which is a fault of its own.
        let is_letters = !reference.is_empty() && reference.iter().all(u8::is_ascii_alphabetic);
        let Some(start) = record.position.0.checked_sub(1).map(u64::from).filter(|_| is_letters)
        else {
            self.summary.counts.unchanged += 1;
            return Ok(Admission::AsIs);
        };
        if !self.fits(record, start, report)? {
            return Ok(self.unfit());
        }
        if reference.len() == 1 && alternates.len() == 1 {
            return Ok(self.same(record));
        }
        if alternates == b"." {
            return Ok(self.without_alternates(record, altered));
        }
        if self.options.split && alternates.contains(&b',') {
            return self.parts(record, start, altered);
        }
        let change = self.change(reference, alternates, start)?;
        if change.is_none() {
            return Ok(self.same(record));
        }
        self.alter(record, alternates, change, None, altered)?;
        Ok(Admission::Altered)
    }

    /// Whether the record lies on the reference and has its bases; the finding where not.
    fn fits(&mut self, record: &Candidate<'_>, start: u64, report: &mut Report) -> Result<bool> {
        let (line, contig) = (record.line, &record.line[record.contig.clone()]);
        let text = || printable(contig, SHOWN);
        if !self.cursor.enter(contig) {
            let reference = self.cursor.reference();
            report.add(&rule::CONTIG_NOT_IN_REFERENCE, line, record.contig.clone(), || {
                match likely_alias(contig, reference) {
                    Some(alias) => format!(
                        "the reference has no contig `{}`; it has `{alias}`, which may be the same",
                        text()
                    ),
                    None => format!("the reference has no contig `{}`", text()),
                }
            });
            return Ok(false);
        }
        let reference = &line[record.reference.clone()];
        let length = self.cursor.length();
        if start + reference.len() as u64 > length {
            let range =
                if start >= length { position_of(record) } else { record.reference.clone() };
            report.add(&rule::BEYOND_CONTIG, line, range, || {
                let last = start + reference.len() as u64;
                format!("the record ends at {last}, but `{}` has {length} bases", text())
            });
            return Ok(false);
        }
        for (at, base) in (start..).zip(reference) {
            if self.cursor.base(at)? != plain_base(*base) {
                self.tell_mismatch(record, start, report)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn tell_mismatch(
        &mut self,
        record: &Candidate<'_>,
        start: u64,
        report: &mut Report,
    ) -> Result<()> {
        let reference = &record.line[record.reference.clone()];
        let alternates = &record.line[record.alternates.clone()];
        let mut there = Vec::new();
        self.cursor.append(start, start + reference.len() as u64, &mut there)?;
        let swapped = alternates.split(|it| *it == b',').any(|it| it.eq_ignore_ascii_case(&there));
        report.add(&rule::REFERENCE_MISMATCH, record.line, record.reference.clone(), || {
            let hint = if swapped { ", which is an ALT allele of the record" } else { "" };
            let (given, there) = (printable(reference, SHOWN), printable(&there, SHOWN));
            format!("REF is `{given}`, but the reference has `{there}`{hint}")
        });
        Ok(())
    }

    /// What to do with a record that does not fit the reference.
    fn unfit(&mut self) -> Admission {
        let counts = &mut self.summary.counts;
        match self.options.mismatch {
            _ if self.options.only_look => Admission::AsIs,
            RefMismatch::Error => Admission::Rejected,
            RefMismatch::Warn => {
                counts.unlike += 1;
                Admission::AsIs
            }
            RefMismatch::Skip => {
                counts.left_out += 1;
                Admission::LeftOut
            }
        }
    }

    /// A record that is in its one form.
    fn same(&mut self, record: &Candidate<'_>) -> Admission {
        self.summary.counts.unchanged += 1;
        if self.options.only_look {
            let reference = &record.line[record.reference.clone()];
            let alternates = &record.line[record.alternates.clone()];
            self.note(record, record.position.0, reference, alternates, false);
        }
        Admission::AsIs
    }

    /// A record without ALT: of REF, the first base is enough.
    fn without_alternates(
        &mut self,
        record: &Candidate<'_>,
        altered: &mut AlteredRecords,
    ) -> Admission {
        let reference = &record.line[record.reference.clone()];
        if reference.len() == 1 {
            return self.same(record);
        }
        let it = altered.add();
        it.position = record.position.0;
        it.reference.push(reference[0].to_ascii_uppercase());
        it.alternates.push(b'.');
        self.summary.counts.trimmed += 1;
        Admission::Altered
    }

    /// A record for each ALT allele.
    fn parts(
        &mut self,
        record: &Candidate<'_>,
        start: u64,
        altered: &mut AlteredRecords,
    ) -> Result<Admission> {
        let reference = &record.line[record.reference.clone()];
        let alternates = &record.line[record.alternates.clone()];
        let count = memchr::memchr_iter(b',', alternates).count() + 1;
        for (index, alternate) in alternates.split(|it| *it == b',').enumerate() {
            let change = self.change(reference, alternate, start)?;
            self.alter(record, alternate, change, Some(Part { index, count }), altered)?;
        }
        self.summary.counts.split += 1;
        Ok(Admission::Altered)
    }

    /// What becomes of the alleles; nothing where one of them is not aligned.
    fn change(&mut self, reference: &[u8], alternates: &[u8], start: u64) -> Result<Change> {
        let mut alleles: Vec<&[u8]> = vec![reference];
        alleles.extend(alternates.split(|it| *it == b','));
        let same = |it: &&[u8]| it.eq_ignore_ascii_case(reference);
        if alleles.iter().any(|it| !is_alignable(it)) || alleles[1..].iter().any(same) {
            return Ok(Change::default());
        }
        align(&alleles, start, &mut self.cursor)
    }

    /// Adds the record that a change, or a part of it, makes.
    fn alter(
        &mut self,
        record: &Candidate<'_>,
        alternates: &[u8],
        change: Change,
        part: Option<Part>,
        altered: &mut AlteredRecords,
    ) -> Result<()> {
        let reference = &record.line[record.reference.clone()];
        let it = altered.add();
        if change.is_none() {
            it.position = record.position.0;
            it.reference.extend_from_slice(reference);
            it.alternates.extend_from_slice(alternates);
            self.splitter.rewrite(record, part, None, &mut it.line);
            return Ok(());
        }
        let old = u64::from(record.position.0) - 1;
        let start = change.start(old);
        self.before.clear();
        self.cursor.append(start, start + change.before as u64, &mut self.before)?;
        it.position = u32::try_from(start + 1).unwrap_or(MAX_POSITION);
        change.apply(reference, &self.before, &mut it.reference);
        for (index, alternate) in alternates.split(|it| *it == b',').enumerate() {
            if index > 0 {
                it.alternates.push(b',');
            }
            change.apply(alternate, &self.before, &mut it.alternates);
        }
        if part.is_some() || has_end(&record.line[record.info.clone()]) {
            let end = start + it.reference.len() as u64;
            self.splitter.rewrite(record, part, Some(end), &mut it.line);
        }
        let counts = &mut self.summary.counts;
        *(if start < old { &mut counts.moved } else { &mut counts.trimmed }) += 1;
        Ok(())
    }

    /// Says what would become of a record that stays as it is.
    fn tell(
        &mut self,
        record: &Candidate<'_>,
        report: &mut Report,
        altered: &AlteredRecords,
    ) -> Admission {
        for it in altered.get() {
            self.note(record, it.position, &it.reference, &it.alternates, true);
        }
        let range = record.reference.start..record.alternates.end;
        report.add(&rule::NOT_NORMALIZED, record.line, range, || {
            let form = |it: &crate::read::vcf::Altered| {
                let (reference, alternates) =
                    (printable(&it.reference, SHOWN), printable(&it.alternates, SHOWN));
                format!("{} {reference} {alternates}", it.position)
            };
            let forms: Vec<String> = altered.get().iter().map(form).collect();
            format!("normalized, the record is `{}`", forms.join("`, `"))
        });
        Admission::AsIs
    }

    /// Keeps the form of a record, to compare it with others.
    fn note(
        &mut self,
        record: &Candidate<'_>,
        position: u32,
        reference: &[u8],
        alternates: &[u8],
        changed: bool,
    ) {
        let mut hasher = FxHasher::default();
        hasher.write(&record.line[record.contig.clone()]);
        hasher.write_u32(position);
        reference
            .iter()
            .chain(b">")
            .chain(alternates)
            .for_each(|it| hasher.write_u8(it.to_ascii_uppercase()));
        let line = record.line_number;
        self.summary.forms.push(Form { hash: hasher.finish(), line, changed });
    }
}

/// POS in the line.
fn position_of(record: &Candidate<'_>) -> Range<usize> {
    let start = record.contig.end + 1;
    let rest = &record.line[start..];
    start..start + memchr::memchr(b'\t', rest).unwrap_or(rest.len())
}

fn is_alignable(allele: &[u8]) -> bool {
    let is_base = |it: &u8| matches!(it.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T' | b'N');
    !allele.is_empty() && allele.iter().all(is_base)
}

fn has_end(info: &[u8]) -> bool {
    info.starts_with(b"END=") || memchr::memmem::find(info, b";END=").is_some()
}
