//! FORMAT and the samples.

use std::borrow::Cow;
use std::ops::Range;

use super::file::VcfFile;
use super::format_key::FormatKey;
use super::judge::counts::Alternates;
use super::judge::format::Keys;
use super::percent;
use super::shared_keys::SharedKeys;
use super::sink::Sink;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Reads the samples of one chunk. FORMAT rarely changes from record to record, so its reading is
/// kept.
#[derive(Default)]
pub struct Formats {
    text: Vec<u8>,
    keys: Vec<FormatKey>,
    /// Which keys share a column or a key of `information`, where some do.
    shared: Option<SharedKeys>,
    /// What is to be checked of the keys as such, and of the samples as a whole.
    checks: Keys,
}

/// A sample of a record.
struct SampleText<'l> {
    line: &'l [u8],
    range: Range<usize>,
    alternates: Alternates,
    /// Whether the line has percent codes.
    has_codes: bool,
    /// Whether the service's reader passes over GL, as the record has had PL.
    has_phred: bool,
}

impl SampleText<'_> {
    /// A value as it is to be read.
    fn readable<'v>(&self, value: &'v [u8]) -> Cow<'v, [u8]> {
        if self.has_codes { percent::decoded(value) } else { Cow::Borrowed(value) }
    }
}

impl Formats {
    /// Takes up the FORMAT field that begins at `start`, if the record has one; false, with a
    /// finding, where a sample has more values than FORMAT has keys.
    pub fn admit(
        &mut self,
        file: &VcfFile,
        report: &mut LineReport,
        line: &[u8],
        start: usize,
    ) -> bool {
        if file.header.samples.is_empty() || start >= line.len() {
            return true;
        }
        let end = memchr::memchr(b'\t', &line[start..]).map_or(line.len(), |it| start + it);
        if self.keys.is_empty() || self.text != line[start..end] {
            self.text = line[start..end].to_vec();
            let header = &file.header;
            self.keys =
                self.text.split(|it| *it == b':').map(|it| FormatKey::of(it, header)).collect();
            self.checks = Keys::new(&self.text, header);
            self.shared = SharedKeys::of(&self.keys);
        }
        self.checks.check(report, line, start..end);
        if let Some(shared) = &self.shared {
            shared.report(&self.keys, report, line, start..end);
        }
        for (index, range) in samples(line, end).enumerate() {
            let values = 1 + memchr::memchr_iter(b':', &line[range.clone()]).count();
            if values > self.keys.len() {
                let sample = &file.header.samples[index];
                report.add(&rule::TOO_MANY_SAMPLE_VALUES, line, range, || {
                    format!(
                        "sample {sample} has {values} values, but FORMAT has {} keys",
                        self.keys.len()
                    )
                });
                return false;
            }
        }
        true
    }

    /// Reads the samples after the FORMAT field that begins at `start` and was admitted.
    pub fn read<S: Sink>(
        &self,
        file: &VcfFile,
        sink: &mut S,
        report: &mut LineReport,
        line: &[u8],
        start: usize,
        alternates: Alternates,
    ) {
        let end = start + self.text.len();
        if let Some(at) = memchr::memchr(b' ', &line[end..]) {
            let place = end + at..end + at + 1;
            report.add(&rule::BLANK_IN_SAMPLE, line, place, || {
                "a sample contains a blank".to_owned()
            });
        }
        let has_codes = percent::has_codes(&line[end..], file.header.minor());
        let mut phred_before = false;
        for (index, range) in samples(line, end).enumerate().take(file.header.samples.len()) {
            sink.sample(index);
            let has_phred =
                self.checks.passes_over_likelihoods(&line[range.clone()], &mut phred_before);
            let text = SampleText { line, range: range.clone(), alternates, has_codes, has_phred };
            match &self.shared {
                None => self.read_sample(sink, report, &text),
                Some(shared) => self.read_shared(sink, report, &text, shared),
            }
            self.checks.check_phase_sets(report, line, range);
        }
    }

    fn read_sample<S: Sink>(&self, sink: &mut S, report: &mut LineReport, text: &SampleText<'_>) {
        let (line, range) = (text.line, &text.range);
        let sample = self.checks.sample(&line[range.clone()], text.alternates, text.has_phred);
        let mut at = range.start;
        for (key, value) in self.keys.iter().zip(line[range.clone()].split(|it| *it == b':')) {
            let place = at..at + value.len();
            at = place.end + 1;
            if key.is_missing(value) {
                key.values.check_missing(report, line, place, sample);
                continue;
            }
            let value = &text.readable(value);
            if key.put(sink, value, text.alternates.count) {
                if key.is_kept_as_text(value) {
                    sink.information(&key.lower, value);
                }
                key.values.check(report, line, place, &key.name, sample);
            } else {
                if !key.put_rounded(sink, value) {
                    sink.information(&key.lower, value);
                }
                key.misfit(report, line, place, text.alternates, sample);
            }
        }
    }

    /// Reads a sample of a record where keys share a place: the last value that is there holds, as
    /// in the service's reader, of declared keys where one of them is.
    #[cold]
    fn read_shared<S: Sink>(
        &self,
        sink: &mut S,
        report: &mut LineReport,
        text: &SampleText<'_>,
        shared: &SharedKeys,
    ) {
        let (line, range) = (text.line, &text.range);
        let sample = self.checks.sample(&line[range.clone()], text.alternates, text.has_phred);
        let holders = shared.holders(&self.keys, &line[range.clone()]);
        let mut at = range.start;
        let values = line[range.clone()].split(|it| *it == b':').enumerate();
        for (key, (index, value)) in self.keys.iter().zip(values) {
            let place = at..at + value.len();
            at = place.end + 1;
            if key.is_missing(value) {
                key.values.check_missing(report, line, place, sample);
                continue;
            }
            if !holders.holds(index) {
                key.values.check_replaced(report, line, place, &key.name, sample);
                continue;
            }
            let value = &text.readable(value);
            if key.put(sink, value, text.alternates.count) {
                if key.is_kept_as_text(value) && holders.text_holds(index) {
                    sink.information(&key.lower, value);
                }
                key.values.check(report, line, place, &key.name, sample);
            } else {
                if !key.put_rounded(sink, value) && holders.text_holds(index) {
                    sink.information(&key.lower, value);
                }
                key.misfit(report, line, place, text.alternates, sample);
            }
        }
    }
}

/// The fields after the one that ends at `end`.
fn samples(line: &[u8], end: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let rest = line.get(end + 1..).unwrap_or_default();
    let mut start = end + 1;
    let present = end < line.len();
    memchr::memchr_iter(b'\t', rest).chain(present.then_some(rest.len())).map(move |at| {
        let range = start..end + 1 + at;
        start = range.end + 1;
        range
    })
}
