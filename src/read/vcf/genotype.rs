//! FORMAT and the samples.

use std::ops::Range;

use super::declared::Header;
use super::file::VcfFile;
use super::judge::counts::Alternates;
use super::judge::format::Keys;
use super::judge::genotype::{self as judge, alleles, called};
use super::judge::sample::SampleValues;
use super::sink::{Elements, SampleColumn, Sink};
use super::values::list;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::number;
use crate::read::report::LineReport;

/// Reads the samples of one chunk. FORMAT rarely changes from record to record, so its reading is
/// kept.
#[derive(Default)]
pub struct Formats {
    text: Vec<u8>,
    keys: Vec<FormatKey>,
    /// What is to be checked of the keys as such, and of the samples as a whole.
    checks: Keys,
}

/// A key of FORMAT and where its values go.
struct FormatKey {
    name: String,
    /// The key of `information` where it has no column, or for a value that does not fit.
    lower: String,
    place: SamplePlace,
    /// What is to be checked of its values.
    values: SampleValues,
}

#[derive(Clone, Copy)]
enum SamplePlace {
    Genotype,
    Integer(SampleColumn),
    Integers(SampleColumn),
    Floats(SampleColumn),
    Information,
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
            self.keys = self.text.split(|it| *it == b':').map(|it| key(it, header)).collect();
            self.checks = Keys::new(&self.text, header);
            // A column takes one value, so a key that comes again goes to `information`.
            for index in 1..self.keys.len() {
                if self.keys[..index].iter().any(|it| it.name == self.keys[index].name) {
                    self.keys[index].place = SamplePlace::Information;
                }
            }
        }
        self.checks.check(report, line, start..end);
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
        for (index, range) in samples(line, end).enumerate().take(file.header.samples.len()) {
            sink.sample(index);
            let sample = self.checks.sample(&line[range.clone()], alternates);
            let mut at = range.start;
            for (key, value) in self.keys.iter().zip(line[range.clone()].split(|it| *it == b':')) {
                let place = at..at + value.len();
                at = place.end + 1;
                if is_missing(key, value) {
                    key.values.check_missing(report, line, place);
                    continue;
                }
                if put(sink, key, value, alternates.count) {
                    key.values.check(report, line, place, &key.name, sample);
                } else {
                    Self::misfit(sink, report, line, key, place, alternates);
                }
            }
            self.checks.check_phase_sets(report, line, range);
        }
    }

    fn misfit<S: Sink>(
        sink: &mut S,
        report: &mut LineReport,
        line: &[u8],
        key: &FormatKey,
        range: Range<usize>,
        alternates: Alternates,
    ) {
        sink.information(&key.lower, &line[range.clone()]);
        if matches!(key.place, SamplePlace::Genotype) {
            judge::misfit(report, line, range, alternates.count, key.values.minor);
        } else {
            key.values.misfit(report, line, range, &key.name);
        }
    }
}

/// A lone `.` is no value, but for GT, where it is one allele that was not called.
fn is_missing(key: &FormatKey, value: &[u8]) -> bool {
    value.is_empty() || value == b"." && !matches!(key.place, SamplePlace::Genotype)
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

fn key(name: &[u8], header: &Header) -> FormatKey {
    let values = SampleValues::of(name, header);
    let place = match name {
        b"GT" => SamplePlace::Genotype,
        b"GL" => SamplePlace::Floats(SampleColumn::Likelihoods),
        b"PL" => SamplePlace::Integers(SampleColumn::PhredLikelihoods),
        b"AD" => SamplePlace::Integers(SampleColumn::AlleleDepths),
        b"SPL" => SamplePlace::Integers(SampleColumn::Spl),
        b"GQ" => SamplePlace::Integer(SampleColumn::Quality),
        b"DP" => SamplePlace::Integer(SampleColumn::Depth),
        b"PS" => SamplePlace::Integer(SampleColumn::PhaseSet),
        _ => SamplePlace::Information,
    };
    let name = String::from_utf8_lossy(name).into_owned();
    // The service's reader calls a sample's filters so.
    let lower = if name == "FT" { "genotype_filters".to_owned() } else { name.to_lowercase() };
    FormatKey { name, lower, place, values }
}

/// Puts a value into its column; false, with nothing put, where it does not fit.
fn put<S: Sink>(sink: &mut S, key: &FormatKey, value: &[u8], alternates: usize) -> bool {
    match key.place {
        SamplePlace::Genotype => genotype(sink, value, alternates),
        SamplePlace::Integer(column) => {
            let whole = number::integer(value).filter(|(_, length)| *length == value.len());
            if let Some((number, _)) = whole {
                sink.sample_integer(column, number);
            }
            whole.is_some()
        }
        SamplePlace::Integers(_) | SamplePlace::Floats(_) if value.contains(&b';') => false,
        SamplePlace::Integers(column) => {
            list(value, sink.sample_integers(column), number::integer).is_some()
        }
        SamplePlace::Floats(column) => {
            list(value, sink.sample_floats(column), number::float).is_some()
        }
        SamplePlace::Information => {
            sink.information(&key.lower, value);
            true
        }
    }
}

/// Puts the alleles of GT into their column; false, with nothing put, where one does not exist.
fn genotype<S: Sink>(sink: &mut S, value: &[u8], alternates: usize) -> bool {
    let calls = sink.sample_integers(SampleColumn::Calls);
    for allele in alleles(value) {
        let Some(number) = called(allele, alternates) else {
            calls.abandon();
            return false;
        };
        calls.push(Some(number));
    }
    calls.finish();
    sink.phased(value.contains(&b'|'));
    true
}
