//! A key of FORMAT, and what becomes of its values.

use std::ops::Range;

use super::declared::Header;
use super::judge::counts::Alternates;
use super::judge::genotype::{self as judge, alleles, called, is_of_one_phase};
use super::judge::sample::{Sample, SampleValues};
use super::sink::{Elements, SampleColumn, Sink};
use super::values::list;
use crate::read::number;
use crate::read::report::LineReport;

/// A key of FORMAT and where its values go.
pub struct FormatKey {
    /// Its name.
    pub name: String,
    /// Its bytes in the file.
    pub length: usize,
    /// The key of `information` where it has no column, or for a value that does not fit.
    pub lower: String,
    place: SamplePlace,
    /// What is to be checked of its values.
    pub values: SampleValues,
}

#[derive(Clone, Copy)]
enum SamplePlace {
    Genotype,
    Integer(SampleColumn),
    /// An integer, to which other numbers are rounded.
    Quality,
    Integers(SampleColumn),
    Floats(SampleColumn),
    Information,
}

impl FormatKey {
    /// The key of a name in a file with this header.
    pub fn of(name: &[u8], header: &Header) -> Self {
        let values = SampleValues::of(name, header);
        let place = match name {
            b"GT" => SamplePlace::Genotype,
            b"GL" => SamplePlace::Floats(SampleColumn::Likelihoods),
            b"PL" => SamplePlace::Integers(SampleColumn::PhredLikelihoods),
            b"AD" => SamplePlace::Integers(SampleColumn::AlleleDepths),
            b"SPL" => SamplePlace::Integers(SampleColumn::Spl),
            b"GQ" => SamplePlace::Quality,
            b"DP" => SamplePlace::Integer(SampleColumn::Depth),
            b"PS" => SamplePlace::Integer(SampleColumn::PhaseSet),
            _ => SamplePlace::Information,
        };
        let length = name.len();
        let name = String::from_utf8_lossy(name).into_owned();
        // The service's reader calls a sample's filters so.
        let lower = if name == "FT" { "genotype_filters".to_owned() } else { name.to_lowercase() };
        Self { name, length, lower, place, values }
    }

    /// Whether its values go to a column of their own.
    pub fn has_column(&self) -> bool {
        !matches!(self.place, SamplePlace::Information)
    }

    /// A lone `.` is no value, but for GT, where it is one allele that was not called.
    pub fn is_missing(&self, value: &[u8]) -> bool {
        value.is_empty() || value == b"." && !matches!(self.place, SamplePlace::Genotype)
    }

    /// Puts a value into its column; false, with nothing put, where it does not fit.
    pub fn put<S: Sink>(&self, sink: &mut S, value: &[u8], alternates: usize) -> bool {
        match self.place {
            SamplePlace::Genotype => genotype(sink, value, alternates),
            SamplePlace::Integer(column) => integer(sink, column, value),
            SamplePlace::Quality => integer(sink, SampleColumn::Quality, value),
            SamplePlace::Integers(_) | SamplePlace::Floats(_) if value.contains(&b';') => false,
            SamplePlace::Integers(column) => {
                list(value, sink.sample_integers(column), number::integer).is_some()
            }
            SamplePlace::Floats(column) => {
                list(value, sink.sample_floats(column), number::float).is_some()
            }
            SamplePlace::Information => {
                sink.information(&self.lower, value);
                true
            }
        }
    }

    /// Whether a value goes to its column and is kept as text as well: a genotype of which some
    /// alleles are phased.
    #[inline]
    pub fn is_kept_as_text(&self, value: &[u8]) -> bool {
        matches!(self.place, SamplePlace::Genotype) && !is_of_one_phase(value)
    }

    /// Puts a value that does not fit its column into it in another form; false, with nothing put,
    /// where there is none.
    #[cold]
    pub fn put_rounded<S: Sink>(&self, sink: &mut S, value: &[u8]) -> bool {
        let number = rounded(value).filter(|_| matches!(self.place, SamplePlace::Quality));
        if let Some(number) = number {
            sink.sample_integer(SampleColumn::Quality, number);
        }
        number.is_some()
    }

    /// Reports a value that does not fit its column.
    pub fn misfit(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        alternates: Alternates,
        sample: Sample,
    ) {
        match self.place {
            SamplePlace::Genotype => judge::misfit(report, line, range, alternates.count),
            SamplePlace::Quality if rounded(&line[range.clone()]).is_some() => {
                self.values.rounded(report, line, range, &self.name);
            }
            _ => self.values.misfit(report, line, range, &self.name, sample),
        }
    }
}

/// A number rounded to an integer, halves up, as the service's reader does it.
fn rounded(value: &[u8]) -> Option<i32> {
    let (number, _) = number::float(value).filter(|(_, length)| *length == value.len())?;
    let whole = (number + 0.5).floor();
    let fits = f64::from(i32::MIN) <= whole && whole <= f64::from(i32::MAX);
    #[allow(clippy::cast_possible_truncation)] // It fits.
    fits.then_some(whole as i32)
}

fn integer<S: Sink>(sink: &mut S, column: SampleColumn, value: &[u8]) -> bool {
    let whole = number::integer(value).filter(|(_, length)| *length == value.len());
    if let Some((number, _)) = whole {
        sink.sample_integer(column, number);
    }
    whole.is_some()
}

/// Puts the alleles of GT into their column; false, with nothing put, where one does not exist.
fn genotype<S: Sink>(sink: &mut S, value: &[u8], alternates: usize) -> bool {
    let calls = sink.sample_integers(SampleColumn::Calls);
    let mut is_called = false;
    for allele in alleles(value) {
        let Some(number) = called(allele, alternates) else {
            calls.abandon();
            return false;
        };
        calls.push(Some(number));
        is_called = true;
    }
    if !is_called {
        calls.abandon();
        return false;
    }
    calls.finish();
    sink.phased(value.contains(&b'|'));
    true
}
