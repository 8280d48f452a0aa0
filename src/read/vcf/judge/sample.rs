//! The values of samples.

use std::ops::Range;

use super::glow::Reading;
use super::{counts, genotype, reserved};
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
    /// ALT alleles among them that the service's reader passes over.
    pub passed_over: usize,
    /// How many local ALT alleles LAA names, where it does.
    pub local: Option<usize>,
    /// Whether the service's reader passes over GL, as the record has had PL.
    pub has_phred: bool,
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
    /// Whether the header has a definition.
    pub is_declared: bool,
    range: Span,
    /// How the service reads them.
    reading: Reading,
    /// Whether the column into which the values go takes those of their Type alone.
    is_proven: bool,
}

impl SampleValues {
    /// What the header, or else the table of the specification, says about a key.
    pub fn of(key: &[u8], header: &Header) -> Self {
        let minor = header.minor();
        let declared = header.format_definition(key);
        let reserved = reserved::format(key, minor).filter(|_| declared.is_none());
        let value = declared.map(|it| it.value).or(reserved.and_then(|it| it.value));
        Self {
            minor,
            number: declared
                .map(|it| it.number)
                .or(reserved.map(|it| it.number))
                .unwrap_or(Number::Any),
            value,
            is_character: declared.is_some_and(|it| it.is_character),
            is_declared: declared.is_some(),
            range: match key {
                b"GP" => Span::Fraction,
                b"CNP" if minor >= 3 => Span::Fraction,
                _ if reserved.is_some_and(reserved::Reserved::is_count) => Span::Count,
                _ => Span::Any,
            },
            reading: Reading::of(key, declared),
            is_proven: match key {
                b"AD" | b"DP" | b"GQ" | b"PL" | b"PS" | b"SPL" => value == Some(ValueType::Integer),
                b"GL" => value == Some(ValueType::Float),
                _ => false,
            },
        }
    }

    /// How the service reads them in a sample.
    fn reading(&self, sample: Sample) -> Reading {
        if sample.has_phred && self.reading == Reading::Likelihoods {
            return Reading::Nothing;
        }
        self.reading
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
        let reading = self.reading(sample);
        match reading {
            Reading::Genotype => return self.check_genotype(report, line, range, key, sample),
            Reading::Depth | Reading::Quality if value == b"-1" => {
                report.add(&rule::MINUS_ONE_IN_SAMPLE, line, range.clone(), || shown(key, value));
            }
            Reading::Filters if value == b"0" => {
                report.add(&rule::SAMPLE_FILTER_ZERO, line, range.clone(), || shown(key, value));
            }
            _ => {}
        }
        let found = counts::count(value);
        let expected =
            counts::expected_in_sample(self.number, sample.alternates, sample.ploidy, sample.local);
        if let Some(expected) = expected.filter(|it| *it != found) {
            report.add(self.miscount(value, reading), line, range.clone(), || {
                format!("{key} {}", counts::miscounted(found, expected))
            });
        }
        if found > 1 && reading.is_list() && counts::is_partly_missing(value) {
            let fails = reading == Reading::Likelihoods;
            let rules = [&rule::MISSING_ELEMENT_IN_LIST, &rule::LIKELIHOODS_PARTLY_MISSING];
            report.add(rules[usize::from(fails)], line, range.clone(), || shown(key, value));
        }
        if let Some(rule) = self.type_fault(value, reading) {
            report.add(rule, line, range.clone(), || shown(key, value));
        } else if self.range == Span::Count && counts::has_negative(value) {
            report.add(&rule::NEGATIVE_COUNT, line, range.clone(), || shown(key, value));
        }
        if self.range == Span::Fraction && counts::is_no_fraction(value) {
            report.add(&rule::PROBABILITY_OUT_OF_RANGE, line, range, || shown(key, value));
        }
    }

    /// The rule for a value of which there are too many or too few.
    fn miscount(&self, value: &[u8], reading: Reading) -> &'static Rule {
        if !self.is_declared {
            &rule::RESERVED_SAMPLE_VALUE
        } else if self.number == Number::Count(1) && reading.refuses(value) {
            &rule::SEVERAL_VALUES_FOR_ONE
        } else {
            &rule::WRONG_SAMPLE_VALUE_COUNT
        }
    }

    /// Checks a value that is absent.
    pub fn check_missing(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        sample: Sample,
    ) {
        if range.is_empty() && self.minor < 5 {
            let fails = self.reading(sample).refuses(b"");
            let rules = [&rule::EMPTY_SAMPLE_VALUE, &rule::EMPTY_NUMBER_IN_SAMPLE];
            let message = || "a value of a sample is empty".to_owned();
            report.add(rules[usize::from(fails)], line, range, message);
        }
    }

    fn check_genotype(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        key: &str,
        sample: Sample,
    ) {
        let value = &line[range.clone()];
        if sample.passed_over > 0 {
            let count = sample.alternates.saturating_sub(sample.passed_over);
            genotype::check_alleles(report, line, range.clone(), count);
        }
        let Some(form) = genotype::unusual_form(value) else { return };
        let rule = match form {
            genotype::Form::Leading if self.minor >= 4 => return,
            genotype::Form::Leading => &rule::LEADING_PHASING_BEFORE_4_4,
            genotype::Form::Trailing if self.minor >= 4 => &rule::GENOTYPE_ENDS_WITH_SEPARATOR,
            _ => &rule::UNUSUAL_GENOTYPE_SEPARATOR,
        };
        report.add(rule, line, range, || shown(key, value));
    }

    fn type_fault(&self, value: &[u8], reading: Reading) -> Option<&'static Rule> {
        let kind = self.value.filter(|it| !self.is_proven && *it != ValueType::Flag)?;
        let fits = counts::fits(value, kind, self.is_character);
        if !self.is_declared {
            return (!fits).then_some(&rule::RESERVED_SAMPLE_VALUE);
        }
        // The service reads PQ as a number, whatever its Type.
        let is_other = kind == ValueType::String && reading == Reading::One(ValueType::Float);
        if is_other || !fits {
            let refused = reading.refuses(value);
            return if refused {
                Some(&rule::WRONG_SAMPLE_VALUE_TYPE)
            } else {
                (!fits).then_some(&rule::LOOSE_SAMPLE_VALUE)
            };
        }
        None
    }

    /// A quality with decimals, which went into its column rounded.
    pub fn rounded(&self, report: &mut LineReport, line: &[u8], range: Range<usize>, key: &str) {
        let value = &line[range.clone()];
        report.add(&rule::QUALITY_ROUNDED, line, range.clone(), || shown(key, value));
        if self.is_declared && self.value == Some(ValueType::Integer) {
            report.add(&rule::LOOSE_SAMPLE_VALUE, line, range, || shown(key, value));
        }
    }

    /// A value that does not go into the column that its key has.
    pub fn misfit(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        key: &str,
        sample: Sample,
    ) {
        let value = &line[range.clone()];
        let reading = self.reading(sample);
        let refused = reading.refuses(value);
        if self.is_declared {
            let rule = match reading {
                Reading::Counts => &rule::DEPTHS_NOT_INTEGERS,
                Reading::Quality if !refused => return self.rounded(report, line, range, key),
                _ if refused => &rule::SAMPLE_VALUE_DOES_NOT_FIT,
                _ => &rule::LOOSE_SAMPLE_VALUE,
            };
            return report.add(rule, line, range, || shown(key, value));
        }
        if refused {
            let rule = &rule::UNDEFINED_SAMPLE_VALUE_DOES_NOT_FIT;
            report.add(rule, line, range.clone(), || shown(key, value));
        }
        // Where a float is meant, validators read as far as there is a number.
        let mut values = value.split(|it| *it == b',').filter(|it| *it != b".");
        if self.value != Some(ValueType::Float) || !values.all(counts::begins_with_number) {
            report.add(&rule::RESERVED_SAMPLE_VALUE, line, range, || shown(key, value));
        }
    }
}

impl SampleValues {
    /// Checks a value in whose place a later one holds: the service's reader reads some all the
    /// same.
    pub fn check_replaced(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        key: &str,
        sample: Sample,
    ) {
        let value = &line[range.clone()];
        let reading = self.reading(sample);
        let is_read = matches!(
            reading,
            Reading::Depth | Reading::Quality | Reading::Likelihoods | Reading::Filters
        );
        if is_read && reading.refuses(value) {
            let rules =
                [&rule::UNDEFINED_SAMPLE_VALUE_DOES_NOT_FIT, &rule::SAMPLE_VALUE_DOES_NOT_FIT];
            let rule = rules[usize::from(self.is_declared)];
            report.add(rule, line, range, || shown(key, value));
        }
    }
}

fn shown(key: &str, value: &[u8]) -> String {
    format!("{key} is `{}`", printable(value, 40))
}
