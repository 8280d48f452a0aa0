//! FORMAT, and what it says about the samples beyond their typed columns.

use std::ops::Range;

use super::counts::{self, Alternates};
use super::header::{Header, Number};
use super::id::{elements, repeated};
use super::{reserved, syntax};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::ValueType;
use crate::read::report::LineReport;

/// What is known of the alleles of one sample.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// ALT alleles of the record.
    alternates: usize,
    /// Alternates of GT; 2 where there is no GT.
    ploidy: usize,
    /// How many local ALT alleles LAA names, where it does.
    local: Option<usize>,
}

/// What is wrong with the keys of one FORMAT field, and where to look in samples.
#[derive(Default)]
pub struct Keys {
    faults: Vec<(&'static Rule, Range<usize>)>,
    genotype: Option<usize>,
    local: Option<usize>,
    phase_sets: Option<PhaseSets>,
}

/// Where the keys of phase sets stand (VCF 4.4).
struct PhaseSets {
    /// PSL.
    names: usize,
    /// PSO and PSQ.
    others: [Option<usize>; 2],
}

impl Keys {
    /// Looks at a FORMAT field.
    pub fn new(text: &[u8], header: &Header) -> Self {
        let place = |name: &[u8]| elements(text, b':').position(|it| &text[it] == name);
        let minor = header.minor();
        let names = place(b"PSL").filter(|_| minor >= 4);
        Self {
            faults: faults(text, header),
            genotype: place(b"GT"),
            local: place(b"LAA").filter(|_| minor >= 5),
            phase_sets: names
                .map(|names| PhaseSets { names, others: [place(b"PSO"), place(b"PSQ")] }),
        }
    }

    /// Reports what is wrong with the field, which begins at `start` of the line.
    pub fn check(&self, report: &mut LineReport, line: &[u8], start: usize) {
        for (rule, place) in &self.faults {
            let place = start + place.start..start + place.end;
            report.add(rule, line, place.clone(), || {
                let key = String::from_utf8_lossy(&line[place]);
                match rule.code {
                    code if code == rule::UNDECLARED_FORMAT_KEY.code => {
                        format!("FORMAT {key} is not defined in the header")
                    }
                    code if code == rule::DUPLICATE_FORMAT_KEY.code => {
                        format!("FORMAT has the key {key} twice")
                    }
                    code if code == rule::GENOTYPE_NOT_FIRST.code => "GT is not first".to_owned(),
                    code if code == rule::INTERVAL_WITHOUT_COPY_NUMBER.code => {
                        "FORMAT has CICN, but not CN".to_owned()
                    }
                    _ => format!("FORMAT has the key `{key}`"),
                }
            });
        }
    }

    /// What a sample says about its alleles.
    pub fn sample(&self, text: &[u8], alternates: Alternates) -> Sample {
        let nth = |place: usize| text.split(|it| *it == b':').nth(place);
        let separators =
            |it: &[u8]| it.iter().skip(1).filter(|it| matches!(it, b'/' | b'|')).count();
        Sample {
            alternates: alternates.count,
            ploidy: self.genotype.and_then(nth).map_or(2, |it| separators(it) + 1),
            local: self
                .local
                .and_then(nth)
                .filter(|it| *it != b".")
                .map(|it| if it.is_empty() { 0 } else { counts::count(it) }),
        }
    }

    /// PSL names the phase sets of phased alleles alone; PSO and PSQ speak of alleles that have one.
    pub fn check_phase_sets(&self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        let Some(phase_sets) = &self.phase_sets else { return };
        let text = &line[range.clone()];
        let nth = |place: usize| elements(text, b':').nth(place);
        let (Some(genotype), Some(names)) = (self.genotype.and_then(nth), nth(phase_sets.names))
        else {
            return;
        };
        let missing = |it: &[u8]| it == b"." || it.is_empty();
        let phases = phases(&text[genotype]);
        let names_of = || text[names.clone()].split(|it| *it == b',');
        let unphased = names_of().zip(&phases).any(|(name, phased)| !phased && !missing(name));
        let mut add = |place: Range<usize>, what: &str| {
            let place = range.start + place.start..range.start + place.end;
            report.add(&rule::PHASE_SET_OF_UNPHASED_ALLELE, line, place.clone(), || {
                format!("{what} is `{}`", String::from_utf8_lossy(&line[place]))
            });
        };
        if unphased {
            add(names.clone(), "PSL of an allele that is not phased");
        }
        for place in phase_sets.others.iter().flatten().filter_map(|it| nth(*it)) {
            let values = text[place.clone()].split(|it| *it == b',');
            if names_of().zip(values).any(|(name, value)| missing(name) && !missing(value)) {
                add(place, "the value of an allele without a phase set");
            }
        }
    }
}

/// Whether each allele of GT is phased: by the separator before it, and the first, where it has none, like all others.
fn phases(genotype: &[u8]) -> Vec<bool> {
    let separators: Vec<bool> =
        genotype.iter().filter(|it| matches!(it, b'/' | b'|')).map(|it| *it == b'|').collect();
    if genotype.first().is_some_and(|it| matches!(it, b'/' | b'|')) {
        return separators;
    }
    let first = separators.iter().all(|it| *it);
    std::iter::once(first).chain(separators).collect()
}

fn faults(text: &[u8], header: &Header) -> Vec<(&'static Rule, Range<usize>)> {
    let minor = header.minor();
    let mut faults = Vec::new();
    let mut genotypes = elements(text, b':').enumerate().filter(|it| &text[it.1.clone()] == b"GT");
    if let Some((index, place)) = genotypes.next().filter(|it| it.0 > 0) {
        debug_assert!(index > 0);
        faults.push((&rule::GENOTYPE_NOT_FIRST, place));
    }
    let twice = repeated(text, b':').filter(|_| minor >= 3);
    faults.extend(twice.map(|it| (&rule::DUPLICATE_FORMAT_KEY, it)));
    let has = |name: &[u8]| elements(text, b':').find(|it| &text[it.clone()] == name);
    if let Some(place) = has(b"CICN").filter(|_| minor >= 4 && has(b"CN").is_none()) {
        faults.push((&rule::INTERVAL_WITHOUT_COPY_NUMBER, place));
    }
    for place in elements(text, b':') {
        let key = &text[place.clone()];
        if let Some(rule) = key_fault(key, minor) {
            faults.push((rule, place.clone()));
        }
        let declared = || header.format.iter().any(|it| it.key.as_bytes() == key);
        if !key.is_empty() && !header.format.is_empty() && !declared() {
            faults.push((&rule::UNDECLARED_FORMAT_KEY, place));
        }
    }
    faults.sort_by_key(|it| it.1.start);
    faults
}

fn key_fault(key: &[u8], minor: u32) -> Option<&'static Rule> {
    // Validators take the percent sign of encoded characters.
    let allowed = |it: &u8| syntax::is_key_character(*it) || minor >= 3 && *it == b'%';
    let starts = key.first().is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_');
    if key.is_empty() || !key.iter().all(allowed) || minor >= 3 && !starts {
        return Some(&rule::INVALID_FORMAT_KEY);
    }
    let unusual = minor < 3 && !key.iter().all(u8::is_ascii_alphanumeric);
    unusual.then_some(&rule::UNUSUAL_FORMAT_KEY)
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
        let declared = header.format.iter().find(|it| it.key.as_bytes() == key);
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
    format!("{key} is `{}`", crate::diagnostic::printable(value, 40))
}
