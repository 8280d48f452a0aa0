//! FORMAT and the samples.

use std::ops::Range;

use super::Shared;
use super::info::list;
use super::record::Report;
use super::sink::{Elements, SampleColumn, Sink};
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::number;

/// Reads the samples of one chunk. FORMAT rarely changes from record to record, so its reading is kept.
#[derive(Default)]
pub struct Formats {
    text: Vec<u8>,
    keys: Vec<Key>,
}

/// A key of FORMAT and where its values go.
struct Key {
    name: String,
    /// The key of `information` where it has no column, or for a value that does not fit.
    lower: String,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    Genotype,
    Integer(SampleColumn),
    Integers(SampleColumn),
    Floats(SampleColumn),
    Information,
}

impl Formats {
    /// Takes up the FORMAT field that begins at `start`, if the record has one; false, with a finding, where a sample has
    /// more values than FORMAT has keys.
    pub fn admit(
        &mut self,
        shared: &Shared,
        report: &mut Report,
        line: &[u8],
        start: usize,
    ) -> bool {
        if shared.header.samples.is_empty() || start >= line.len() {
            return true;
        }
        let end = memchr::memchr(b'\t', &line[start..]).map_or(line.len(), |it| start + it);
        if self.text != line[start..end] {
            self.text = line[start..end].to_vec();
            self.keys = self.text.split(|it| *it == b':').map(key).collect();
            // A column takes one value, so a key that comes again goes to `information`.
            for index in 1..self.keys.len() {
                if self.keys[..index].iter().any(|it| it.name == self.keys[index].name) {
                    self.keys[index].place = Place::Information;
                }
            }
        }
        for (index, range) in samples(line, end).enumerate() {
            let values = 1 + memchr::memchr_iter(b':', &line[range.clone()]).count();
            if values > self.keys.len() {
                let sample = &shared.header.samples[index];
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
        shared: &Shared,
        sink: &mut S,
        report: &mut Report,
        line: &[u8],
        start: usize,
        alternates: usize,
    ) {
        let end = start + self.text.len();
        for (index, range) in samples(line, end).enumerate().take(shared.header.samples.len()) {
            sink.sample(index);
            let mut at = range.start;
            for (key, value) in self.keys.iter().zip(line[range].split(|it| *it == b':')) {
                let place = at..at + value.len();
                at = place.end + 1;
                if !is_missing(key, value) && !put(sink, key, value, alternates) {
                    Self::misfit(sink, report, line, key, place);
                }
            }
        }
    }

    fn misfit<S: Sink>(
        sink: &mut S,
        report: &mut Report,
        line: &[u8],
        key: &Key,
        range: Range<usize>,
    ) {
        let value = &line[range.clone()];
        sink.information(&key.lower, value);
        let text = || crate::diagnostic::printable(value, 40);
        match key.place {
            Place::Genotype => report.add(&rule::INVALID_GENOTYPE, line, range, || {
                format!("GT is `{}`, which names no alleles of this record", text())
            }),
            _ => report.add(&rule::SAMPLE_VALUE_DOES_NOT_FIT, line, range, || {
                format!("{} is `{}`", key.name, text())
            }),
        }
    }
}

/// A lone `.` is no value, but for GT, where it is one allele that was not called.
fn is_missing(key: &Key, value: &[u8]) -> bool {
    value.is_empty() || value == b"." && !matches!(key.place, Place::Genotype)
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

fn key(name: &[u8]) -> Key {
    let place = match name {
        b"GT" => Place::Genotype,
        b"GL" => Place::Floats(SampleColumn::Likelihoods),
        b"PL" => Place::Integers(SampleColumn::PhredLikelihoods),
        b"AD" => Place::Integers(SampleColumn::AlleleDepths),
        b"SPL" => Place::Integers(SampleColumn::Spl),
        b"GQ" => Place::Integer(SampleColumn::Quality),
        b"DP" => Place::Integer(SampleColumn::Depth),
        b"PS" => Place::Integer(SampleColumn::PhaseSet),
        _ => Place::Information,
    };
    let name = String::from_utf8_lossy(name).into_owned();
    // The service's reader calls a sample's filters so.
    let lower = if name == "FT" { "genotype_filters".to_owned() } else { name.to_lowercase() };
    Key { name, lower, place }
}

/// Puts a value into its column; false, with nothing put, where it does not fit.
fn put<S: Sink>(sink: &mut S, key: &Key, value: &[u8], alternates: usize) -> bool {
    match key.place {
        Place::Genotype => genotype(sink, value, alternates),
        Place::Integer(column) => {
            let whole = number::integer(value).filter(|(_, length)| *length == value.len());
            if let Some((number, _)) = whole {
                sink.sample_integer(column, number);
            }
            whole.is_some()
        }
        Place::Integers(_) | Place::Floats(_) if value.contains(&b';') => false,
        Place::Integers(column) => {
            list(value, sink.sample_integers(column), number::integer).is_some()
        }
        Place::Floats(column) => list(value, sink.sample_floats(column), number::float).is_some(),
        Place::Information => {
            sink.information(&key.lower, value);
            true
        }
    }
}

/// `0/1`, `0|1`, `1`, `./.`, and since VCF 4.4 with a separator in front. A missing allele is -1.
fn genotype<S: Sink>(sink: &mut S, value: &[u8], alternates: usize) -> bool {
    let separator = |it: &u8| matches!(it, b'/' | b'|');
    let alleles = value.strip_prefix(b"/").or_else(|| value.strip_prefix(b"|")).unwrap_or(value);
    let calls = sink.sample_integers(SampleColumn::Calls);
    for allele in alleles.split(separator) {
        let Some(number) = allele_number(allele, alternates) else {
            calls.abandon();
            return false;
        };
        calls.push(Some(number));
    }
    calls.finish();
    sink.phased(value.contains(&b'|'));
    true
}

fn allele_number(text: &[u8], alternates: usize) -> Option<i32> {
    if text == b"." {
        return Some(-1);
    }
    let (number, length) = number::integer(text)?;
    let exists = usize::try_from(number).is_ok_and(|it| it <= alternates);
    (length == text.len() && exists && text[0] != b'+').then_some(number)
}
