//! The values of samples.

use std::ops::Range;

use super::{counts, reserved};
use crate::diagnostic::rules::vcf_record as rule;
use crate::diagnostic::{Rule, printable};
use crate::model::ValueType;
use crate::read::report::LineReport;
use crate::read::vcf::declared::{Header, Number};

/// What is known of the alleles of one sample.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// ALT alleles of the record.
    pub alternates: usize,
    /// Alleles of GT; 2 where there is no GT.
    pub ploidy: usize,
    /// How many local ALT alleles LAA names, where it does.
    pub local: Option<usize>,
}

/// Where the numbers of a key may lie.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    Any,
    /// Zero or more.
    Count,
    /// 0 to 1.
    Fraction,
}

/// What is to be checked of the values of a key.
pub struct SampleValues {
    /// The minor version of the file.
    pub minor: u32,
    number: Number,
    value: Option<ValueType>,
    is_character: bool,
    is_declared: bool,
    range: Span,
}

impl SampleValues {
    /// What the header, or else the table of the specification, says about a key.
    pub fn of(key: &[u8], header: &Header) -> Self {
        let minor = header.minor();
        let declared = header.format_definition(key);
        let reserved = reserved::format(key, minor).filter(|_| declared.is_none());
        Self {
            minor,
            number: declared
                .map(|it| it.number)
                .or(reserved.map(|it| it.number))
                .unwrap_or(Number::Any),
            value: declared.map(|it| it.value).or(reserved.and_then(|it| it.value)),
            is_character: declared.is_some_and(|it| it.is_character),
            is_declared: declared.is_some(),
            range: match key {
                b"GP" => Span::Fraction,
                b"CNP" if minor >= 3 => Span::Fraction,
                _ if reserved.is_some_and(reserved::Reserved::is_count) => Span::Count,
                _ => Span::Any,
            },
        }
    }

    /// Checks a value that is there and fits its column.
    pub fn check(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        key: &str,
        sample: Sample,
    ) {
        let value = &line[range.clone()];
        if value == b"." || key == "GT" {
            return self.check_genotype(report, line, range, key);
        }
        let expected =
            counts::expected_in_sample(self.number, sample.alternates, sample.ploidy, sample.local);
        if let Some(expected) = expected.filter(|it| *it != counts::count(value)) {
            let (found, rule) = (
                counts::count(value),
                if self.is_declared {
                    &rule::WRONG_SAMPLE_VALUE_COUNT
                } else {
                    &rule::RESERVED_SAMPLE_VALUE
                },
            );
            report.add(rule, line, range.clone(), || {
                format!("{key} {}", counts::miscounted(found, expected))
            });
        }
        if let Some(rule) = self.type_fault(value) {
            report.add(rule, line, range.clone(), || shown(key, value));
        } else if self.range == Span::Count && counts::has_negative(value) {
            report.add(&rule::NEGATIVE_COUNT, line, range.clone(), || shown(key, value));
        }
        if self.range == Span::Fraction && counts::is_no_fraction(value) {
            report.add(&rule::PROBABILITY_OUT_OF_RANGE, line, range, || shown(key, value));
        }
    }

    /// Checks a value that is absent.
    pub fn check_missing(&self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        if range.is_empty() && self.minor < 5 {
            let message = || "a value of a sample is empty".to_owned();
            report.add(&rule::EMPTY_SAMPLE_VALUE, line, range, message);
        }
    }

    fn check_genotype(&self, report: &mut LineReport, line: &[u8], range: Range<usize>, key: &str) {
        let value = &line[range.clone()];
        if key == "GT" && self.minor < 4 && matches!(value.first(), Some(b'/' | b'|')) {
            report.add(&rule::LEADING_PHASING_BEFORE_4_4, line, range, || shown(key, value));
        }
    }

    fn type_fault(&self, value: &[u8]) -> Option<&'static Rule> {
        let kind = self.value.filter(|it| *it != ValueType::Flag)?;
        if counts::fits(value, kind, self.is_character) {
            return None;
        }
        Some(if self.is_declared {
            &rule::WRONG_SAMPLE_VALUE_TYPE
        } else {
            &rule::RESERVED_SAMPLE_VALUE
        })
    }

    /// A value that does not go into the column that its key has.
    pub fn misfit(&self, report: &mut LineReport, line: &[u8], range: Range<usize>, key: &str) {
        let value = &line[range.clone()];
        if self.is_declared {
            return report.add(&rule::SAMPLE_VALUE_DOES_NOT_FIT, line, range, || shown(key, value));
        }
        let first = &rule::UNDEFINED_SAMPLE_VALUE_DOES_NOT_FIT;
        report.add(first, line, range.clone(), || shown(key, value));
        // Where a float is meant, validators read as far as there is a number.
        let mut values = value.split(|it| *it == b',').filter(|it| *it != b".");
        if self.value != Some(ValueType::Float) || !values.all(counts::begins_with_number) {
            report.add(&rule::RESERVED_SAMPLE_VALUE, line, range, || shown(key, value));
        }
    }
}

fn shown(key: &str, value: &[u8]) -> String {
    format!("{key} is `{}`", printable(value, 40))
}
