//! A chunk of record lines becomes calls to a sink, and findings.

use std::ops::Range;

use super::file::{Chunk, VcfFile, last_line_rule};
use super::gate::{AlteredRecord, AlteredRecords, CandidateRecord, Gate, Open};
use super::genotype::Formats;
use super::info::{Found, InfoReader};
use super::joined;
use super::judge::contig::ContigJudge;
use super::judge::filter::FilterJudge;
use super::judge::structural::StructuralRecord;
use super::judge::{allele, id, quality};
use super::miscount::{self, Readable};
use super::opening::LineEnd;
use super::sink::{Fixed, Nothing, Sink};
use super::sites::Sites;
use super::span::{Extent, Lengths};
use crate::diagnostic::Keep;
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::coordinate::MAX_POSITION;
use crate::model::{OneBased, Result};
use crate::read::lines::{self, LineParser, any_line_length, without_break};
use crate::read::report::{Fates, LineReport};
use crate::read::{Admission, Parsed, number};

/// Parses one chunk. Lines are counted from 1 within it.
pub struct RecordParser<'h, S, G> {
    pub(super) file: &'h VcfFile,
    pub(super) sink: S,
    pub(super) gate: G,
    pub(super) report: LineReport,
    /// Whether the last `#CHROM` line above names the samples of the header.
    pub(super) has_own_samples: bool,
    /// Whether the chunk has carriage returns, which end lines as well.
    has_returns: bool,
    contigs: ContigJudge<'h>,
    filters: FilterJudge<'h>,
    info: InfoReader<'h>,
    formats: Formats,
    pub(super) sites: Sites,
    minor: u32,
    pub(super) fates: Fates,
    altered: AlteredRecords,
    /// Reads the text of records of which altered ones are stored: it makes their findings, and
    /// stores nothing.
    examiner: Option<Box<RecordParser<'h, Nothing, Open>>>,
}

/// The eight fixed fields of a line.
pub(super) type FixedFields = [Range<usize>; FIXED_FIELDS];

/// The place and the alleles under which a record is stored.
#[derive(Clone, Copy)]
struct StoredAlleles<'a> {
    position: OneBased,
    reference: &'a [u8],
    alternates: &'a [u8],
    /// Which ALT allele of the line this is, where each has become a record of its own.
    part: Option<usize>,
}

impl<'a> From<&'a AlteredRecord> for StoredAlleles<'a> {
    fn from(it: &'a AlteredRecord) -> Self {
        Self {
            position: OneBased(it.position),
            reference: &it.reference,
            alternates: &it.alternates,
            part: None,
        }
    }
}

/// Why a POS is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPosition {
    /// It is below zero, which the service stores.
    Negative,
    NoInteger,
}

fn or_missing(text: &[u8]) -> &[u8] {
    if text.is_empty() { b"." } else { text }
}

/// Fields before FORMAT.
const FIXED_FIELDS: usize = 8;

impl<S: Sink, G: Gate> LineParser for RecordParser<'_, S, G> {
    fn report(&mut self) -> &mut LineReport {
        &mut self.report
    }

    fn line(&mut self, readable: &[u8], in_file: &[u8]) {
        let line = if self.has_returns { self.end(readable) } else { without_break(readable) };
        if line.is_empty() {
            let message = || "the line is empty".to_owned();
            return self.report.add(&rule::BLANK_LINE, line, 0..0, message);
        }
        if line[0] == b'#' {
            return self.header_line(line);
        }
        // Where the columns are not known, the finding about the header stands for all lines.
        let is_readable = self.file.header.readable;
        let fate = if is_readable { self.record(line) } else { Admission::Rejected };
        self.fates.add(fate, self.report.line_number, in_file);
        if fate == Admission::Altered {
            self.fates.went_as(self.altered.get().len());
        }
    }
}

impl<'h, S: Sink, G: Gate> RecordParser<'h, S, G> {
    /// A parser for one chunk of a file, which keeps these findings whole.
    pub fn new(file: &'h VcfFile, keep: Keep, gate: G, sink: S) -> Self {
        let header = &file.header;
        Self {
            file,
            sink,
            gate,
            report: LineReport::keeping(keep),
            has_own_samples: true,
            has_returns: false,
            contigs: ContigJudge::new(header),
            filters: FilterJudge::new(header),
            info: InfoReader::new(file),
            formats: Formats::default(),
            sites: Sites::default(),
            minor: header.minor(),
            fates: Fates::default(),
            altered: AlteredRecords::default(),
            examiner: None,
        }
    }

    /// Parses the lines of the chunk.
    pub fn parse(mut self, text: &[u8]) -> Result<Parsed<Chunk<G::Output, S::Output>>> {
        self.lines(text);
        if !self.file.header.is_absent() {
            let is_break = |it: &u8| matches!(it, b'\n' | b'\r');
            let rule = last_line_rule(self.minor);
            lines::check_final_break(&mut self.report, text, is_break, rule);
        }
        self.finish()
    }

    /// Parses whole lines.
    pub(super) fn lines(&mut self, text: &[u8]) {
        if self.file.header.is_absent() {
            return self.count_lines(text);
        }
        self.has_returns = memchr::memchr(b'\r', text).is_some();
        if self.has_returns {
            lines::parse_any(self, text);
        } else {
            lines::parse(self, text);
        }
    }

    /// Ends the chunk.
    pub(super) fn finish(self) -> Result<Parsed<Chunk<G::Output, S::Output>>> {
        let (gate, records) = (self.gate.finish()?, self.sink.finish()?);
        let chunk = Chunk { gate, sites: self.sites, records };
        Ok(self.fates.parsed(chunk, self.report.findings, self.report.line_number))
    }

    /// Rejects the lines of a file that is no VCF at all: one finding says so, and what else is
    /// wrong with them says nothing.
    fn count_lines(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            let (line, behind) = text.split_at(any_line_length(text));
            self.report.line_number += 1;
            if !LineEnd::of(line).0.is_empty() {
                self.fates.add(Admission::Rejected, self.report.line_number, line);
            }
            text = behind;
        }
    }

    /// The line without its break, of which it says what is wrong with it.
    #[cold]
    fn end<'l>(&mut self, line: &'l [u8]) -> &'l [u8] {
        let (line, end) = LineEnd::of(line);
        if let Some((rule, message)) = end.fault().filter(|_| end != self.file.line_end) {
            self.report.add(rule, line, line.len()..line.len(), || message.to_owned());
        }
        line
    }

    /// Says that there is a header line, and whether the records below it have other samples.
    #[cold]
    fn header_line(&mut self, line: &[u8]) {
        let expected = &self.file.header.samples;
        let is_other = joined::is_column_line(line) && !joined::names_samples(line, expected);
        if joined::is_column_line(line) {
            // Where the header names none, records with samples have too many fields.
            self.has_own_samples = !is_other || expected.is_empty();
        }
        let (rule, what) = if is_other {
            let what = joined::difference(line, expected);
            (&rule::SAMPLES_OF_ANOTHER_HEADER, what)
        } else {
            let what = "this line begins with `#` like a header".to_owned();
            (&rule::HEADER_LINE_AMONG_RECORDS, what)
        };
        self.report.add(rule, line, 0..line.len(), || what);
    }

    /// Says that a record has the columns of another header.
    #[cold]
    fn tell_other_samples(&mut self, line: &[u8]) {
        let message = || "the record stands below a `#CHROM` line with other samples".to_owned();
        self.report.add(&rule::SAMPLES_OF_ANOTHER_HEADER, line, 0..line.len(), message);
    }

    /// Parses a record.
    fn record(&mut self, line: &[u8]) -> Admission {
        if !self.has_own_samples {
            self.tell_other_samples(line);
        }
        match self.split(line) {
            Ok(fields) if self.has_own_samples => self.record_of(line, &fields),
            Ok(fields) => self.rejected(line, &fields),
            Err(found) => self.miscounted(line, found),
        }
    }

    /// Parses a record with another number of fields than the header.
    #[cold]
    fn miscounted(&mut self, line: &[u8], found: usize) -> Admission {
        let (line, is_whole) = match miscount::readable(&mut self.report, self.file, line, found) {
            Some(Readable::WithoutTabs(line)) => (line, self.has_own_samples),
            Some(Readable::First(line)) => (line, false),
            None => return Admission::Rejected,
        };
        match self.split(line) {
            Ok(fields) if is_whole => self.record_of(line, &fields),
            Ok(fields) => self.rejected(line, &fields),
            Err(_) => Admission::Rejected,
        }
    }

    /// Rejects a record which the service reads: what else is wrong with it may fail the job.
    #[cold]
    fn rejected(&mut self, line: &[u8], fields: &FixedFields) -> Admission {
        match self.position(line, fields[1].clone()) {
            Ok(position) => self.examine_all(line, fields, position),
            Err(NoPosition::Negative) => self.examine_all(line, fields, OneBased(0)),
            Err(NoPosition::NoInteger) => {}
        }
        Admission::Rejected
    }

    /// Parses a record of these fields.
    fn record_of(&mut self, line: &[u8], fields: &FixedFields) -> Admission {
        let [contig, position, _, reference, alternates, _, _, info] = fields.clone();
        let position = match self.position(line, position) {
            Ok(position) => position,
            Err(fault) => {
                if fault == NoPosition::Negative {
                    self.examine_all(line, fields, OneBased(0));
                }
                return Admission::Rejected;
            }
        };
        if !self.formats.admit(self.file, &mut self.report, line, info.end + 1) {
            return Admission::Rejected;
        }
        self.check_fixed(line, fields);
        let line_number = self.report.line_number;
        let alleles = [&line[reference.clone()], &line[alternates.clone()]];
        self.sites.add(line_number, &line[contig.clone()], position.0, alleles);
        let candidate =
            CandidateRecord { line, line_number, position, contig, reference, alternates, info };
        let mut altered = std::mem::take(&mut self.altered);
        altered.clear();
        let admission = self.gate.admit(&candidate, &mut self.report, &mut altered);
        match admission {
            Admission::AsIs => {
                let (reference, alternates) =
                    (&line[candidate.reference], &line[candidate.alternates]);
                let alleles = StoredAlleles { position, reference, alternates, part: None };
                self.put(line, fields, alleles);
            }
            Admission::Altered => self.put_altered(line, fields, position, altered.get()),
            Admission::Rejected | Admission::LeftOut => {}
        }
        self.altered = altered;
        admission
    }

    /// Checks CHROM, ID, REF, ALT and FILTER.
    #[inline]
    pub(super) fn check_fixed(&mut self, line: &[u8], fields: &FixedFields) {
        let [contig, _, ids, reference, alternates, _, filters, _] = fields.clone();
        self.mandatory(line, &contig, "CHROM");
        self.mandatory(line, &ids, "ID");
        self.mandatory(line, &filters, "FILTER");
        self.contigs.check(&mut self.report, line, contig);
        id::check(&mut self.report, line, ids, self.minor);
        allele::check(&mut self.report, line, reference, alternates, self.minor);
        self.filters.check(&mut self.report, line, filters);
    }

    /// Stores other records in the place of one.
    fn put_altered(
        &mut self,
        line: &[u8],
        fields: &FixedFields,
        position: OneBased,
        records: &[AlteredRecord],
    ) {
        if let [record] = records
            && record.line.is_empty()
        {
            return self.put(line, fields, record.into());
        }
        // What is wrong is said about the text of the file, and once.
        self.examine(line, fields, position);
        let line_number = self.report.line_number;
        let muted = LineReport { line_number, ..LineReport::keeping(Keep::default()) };
        let report = std::mem::replace(&mut self.report, muted);
        for (index, record) in records.iter().enumerate() {
            let text = if record.line.is_empty() { line } else { &record.line };
            if let Ok(fields) = self.split(text) {
                let part = (records.len() > 1).then_some(index);
                self.put(text, &fields, StoredAlleles { part, ..record.into() });
            }
        }
        self.report = report;
    }

    /// Makes the findings about a record that is not to be stored.
    #[cold]
    fn examine_all(&mut self, line: &[u8], fields: &FixedFields, position: OneBased) {
        let start = fields[FIXED_FIELDS - 1].end + 1;
        if self.formats.admit(self.file, &mut self.report, line, start) {
            self.check_fixed(line, fields);
            self.examine(line, fields, position);
        }
    }

    /// Makes the findings about INFO and samples of a record, and stores nothing.
    pub(super) fn examine(&mut self, line: &[u8], fields: &FixedFields, position: OneBased) {
        let [_, _, _, reference, alternates, _, _, info] = fields.clone();
        let file = self.file;
        let mut examiner = self
            .examiner
            .take()
            .unwrap_or_else(|| Box::new(RecordParser::new(file, Keep::default(), Open, Nothing)));
        if examiner.formats.admit(file, &mut examiner.report, line, info.end + 1) {
            let (reference, alternates) = (&line[reference], &line[alternates]);
            std::mem::swap(&mut self.report, &mut examiner.report);
            let alleles = StoredAlleles { position, reference, alternates, part: None };
            examiner.put(line, fields, alleles);
            std::mem::swap(&mut self.report, &mut examiner.report);
        }
        self.examiner = Some(examiner);
    }

    /// Gives a record to the sink. What does not depend on its alleles is read from the line.
    fn put(&mut self, line: &[u8], fields: &FixedFields, alleles: StoredAlleles<'_>) {
        let [contig, _, ids, reference, at_alternates, quality, filters, info] = fields.clone();
        let fixed = Fixed {
            contig: or_missing(&line[contig]),
            ids: or_missing(&line[ids]),
            reference: alleles.reference,
            alternates: or_missing(alleles.alternates),
            quality: self.quality(line, quality),
            filters: if self.file.options.ignore_filter_field {
                b"."
            } else {
                or_missing(&line[filters])
            },
            is_split: alleles.part.is_some(),
        };
        self.sink.record(&fixed);
        let samples = info.end + 1;
        let alternates = allele::count(alleles.alternates);
        let (report, sink) = (&mut self.report, &mut self.sink);
        let Found { end, annotations, has_codes, .. } =
            self.info.read(sink, report, line, info.clone(), alternates);
        if alternates.structural || self.info.has_structural_keys() {
            let (reference, alternates) = (reference.clone(), at_alternates);
            let info = info.clone();
            StructuralRecord { report, line, reference, alternates, info }.check(self.minor);
        }
        self.file.annotations.read(
            &mut self.sink,
            &mut self.report,
            line,
            (annotations, has_codes),
            fixed.alternates,
        );
        if samples < line.len() {
            let (report, sink) = (&mut self.report, &mut self.sink);
            self.formats.read(self.file, sink, report, line, samples, alternates);
        }
        let lengths = alternates.structural.then_some(Lengths {
            alternates: alleles.alternates,
            info,
            part: alleles.part,
            minor: self.minor,
        });
        let StoredAlleles { position, reference, .. } = alleles;
        let extent = Extent { line, position, reference_length: reference.len(), end, lengths };
        self.sink.end_record(extent.span(&mut self.report));
    }

    /// The eight fixed fields, or how many fields there are where that is not the right count.
    pub(super) fn split(&self, line: &[u8]) -> Result<FixedFields, usize> {
        let mut fields: FixedFields = std::array::from_fn(|_| 0..0);
        let mut start = 0;
        let mut found = 0;
        for field in &mut fields {
            // To find the end of a few bytes, a call of memchr takes longer than a look at each.
            let rest = &line[start..];
            let is_info = found + 1 == FIXED_FIELDS;
            let length = if is_info {
                memchr::memchr(b'\t', rest)
            } else {
                rest.iter().position(|it| *it == b'\t')
            };
            let end = length.map_or(line.len(), |it| start + it);
            *field = start..end;
            found += 1;
            start = end + 1;
            if end == line.len() {
                break;
            }
        }
        if start <= line.len() {
            found += 1 + memchr::memchr_iter(b'\t', &line[start..]).count();
        }
        if found == self.file.header.field_count { Ok(fields) } else { Err(found) }
    }

    #[inline]
    pub(super) fn position(
        &mut self,
        line: &[u8],
        field: Range<usize>,
    ) -> Result<OneBased, NoPosition> {
        let parsed =
            number::integer(&line[field.clone()]).filter(|(_, length)| *length == field.len());
        let position = parsed
            .and_then(|(value, _)| u32::try_from(value).ok())
            .filter(|it| *it <= MAX_POSITION);
        let is_negative = parsed.is_some_and(|it| it.0 < 0);
        if position.is_none() {
            let rules = [&rule::POSITION_NOT_AN_INTEGER, &rule::NEGATIVE_POSITION];
            self.report.add(rules[usize::from(is_negative)], line, field.clone(), || {
                let text = &line[field];
                let is_large = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
                let why = if is_large {
                    format!(", which is too large: the largest position is {MAX_POSITION}")
                } else {
                    String::new()
                };
                format!("POS is `{}`{why}", String::from_utf8_lossy(text))
            });
        }
        let fault = if is_negative { NoPosition::Negative } else { NoPosition::NoInteger };
        position.map(OneBased).ok_or(fault)
    }

    fn mandatory(&mut self, line: &[u8], field: &Range<usize>, name: &str) {
        if field.is_empty() {
            self.report.add(&rule::EMPTY_FIELD, line, field.clone(), || format!("{name} is empty"));
        }
    }

    pub(super) fn quality(&mut self, line: &[u8], field: Range<usize>) -> Option<f64> {
        let text = &line[field.clone()];
        if text == b"." || self.file.options.ignore_qual_field {
            return None;
        }
        match number::float(text) {
            Some((value, length)) if length == text.len() => {
                if value < 0.0 {
                    quality::negative(&mut self.report, line, field, value);
                }
                (!quality::is_absent(value)).then_some(value)
            }
            _ => {
                quality::misfit(&mut self.report, line, field);
                None
            }
        }
    }
}
