//! INFO: its keys, and what their values may be.

use std::ops::Range;

use super::counts::{self, Alternates};
use super::{htsjdk, reserved, syntax};
use crate::diagnostic::rules::vcf_record as rule;
use crate::diagnostic::{Rule, printable};
use crate::model::ValueType;
use crate::read::number;
use crate::read::report::LineReport;
use crate::read::vcf::declared::{Definition, Number};

/// An entry of INFO within its line.
pub struct Entry<'l> {
    /// The line.
    pub line: &'l [u8],
    /// What stands before the `=`.
    pub key: Range<usize>,
    /// What stands behind it; absent for a bare key.
    pub value: Option<Range<usize>>,
}

impl Entry<'_> {
    /// The bytes of the key.
    pub fn key(&self) -> &[u8] {
        &self.line[self.key.clone()]
    }

    /// The bytes of the value; none at all for a bare key.
    pub fn value(&self) -> &[u8] {
        self.value.clone().map_or(b"", |it| &self.line[it])
    }

    /// The key as text.
    pub fn name(&self) -> String {
        String::from_utf8_lossy(self.key()).into_owned()
    }

    /// All of it.
    pub fn whole(&self) -> Range<usize> {
        self.key.start..self.value.as_ref().map_or(self.key.end, |it| it.end)
    }
}

/// What is known of the values of an INFO key.
#[derive(Clone, Copy, Debug)]
pub struct InfoValues {
    /// How many there are to be.
    number: Number,
    /// Whether each is one character.
    is_character: bool,
    /// Whether it says something about a structural variant.
    pub is_structural: bool,
    /// What is wrong with the key itself.
    key_faults: [Option<&'static Rule>; 2],
    meaning: Option<Meaning>,
    /// Whether nothing but the count is to be checked, as for nearly all keys.
    is_plain: bool,
}

/// A reserved key whose values mean something that can be checked.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    Fraction,
    Cigar,
    AncestralAllele,
    StructuralType,
    /// A flag, whatever the header says.
    Flag,
}

impl Meaning {
    /// That of a key which the header defines.
    fn of_definition(definition: &Definition) -> Option<Self> {
        let is_flag = definition.value == ValueType::Flag;
        let is_flag_there = htsjdk::is_flag(definition.key.as_bytes(), is_flag);
        let meaning = (is_flag_there && !is_flag).then_some(Self::Flag);
        meaning.or_else(|| Self::of(definition.key.as_bytes()))
    }

    fn of(key: &[u8]) -> Option<Self> {
        match key {
            b"AF" => Some(Self::Fraction),
            b"CIGAR" => Some(Self::Cigar),
            b"AA" => Some(Self::AncestralAllele),
            b"SVTYPE" => Some(Self::StructuralType),
            _ => None,
        }
    }

    fn fault(self, value: &[u8]) -> Option<&'static Rule> {
        let (rule, is_fault) = match self {
            Self::Fraction => (&rule::FREQUENCY_OUT_OF_RANGE, counts::is_no_fraction(value)),
            Self::Cigar => {
                let fault = !value.split(|it| *it == b',').all(is_cigar);
                (&rule::INVALID_CIGAR, fault)
            }
            Self::AncestralAllele => {
                (&rule::INVALID_ANCESTRAL_ALLELE, value.iter().any(|it| matches!(it, b',' | b'=')))
            }
            Self::StructuralType => {
                let known = syntax::is_structural_type(value, 0);
                (&rule::UNKNOWN_SVTYPE, !known && value != b".")
            }
            Self::Flag => (&rule::FLAG_WRITTEN_AS_ZERO, value == b"0"),
        };
        is_fault.then_some(rule)
    }
}

impl InfoValues {
    /// What a definition says.
    pub fn of(definition: &Definition, minor: u32) -> Self {
        let key = definition.key.as_bytes();
        let mut values = Self {
            key_faults: [key_fault(key, minor), beyond_ascii(key)],
            number: definition.number,
            is_character: definition.is_character,
            is_structural: reserved::is_structural(key),
            meaning: Meaning::of_definition(definition),
            is_plain: false,
        };
        let is_flag = definition.value == ValueType::Flag;
        let is_special = values.is_character
            || values.is_structural
            || values.meaning.is_some()
            || is_flag != htsjdk::is_flag(key, is_flag);
        values.is_plain = !is_special && values.key_faults.iter().all(Option::is_none);
        values
    }

    /// Whether a value of so many needs no further look.
    #[inline]
    pub fn is_sound(&self, count: usize, alternates: usize) -> bool {
        self.is_plain && self.has_sound_count(count, alternates)
    }

    /// Whether nothing is to be said of so many values.
    #[inline]
    pub fn has_sound_count(&self, count: usize, alternates: usize) -> bool {
        match self.number {
            Number::Count(expected) => expected as usize == count,
            Number::A => alternates == count,
            Number::R => alternates + 1 == count,
            _ => true,
        }
    }

    /// Whether nothing is to be checked but the count.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Whether nothing is to be checked but the count, and that each is a fraction.
    pub fn is_plain_fraction(&self) -> bool {
        let is_special = self.is_character || self.is_structural;
        let is_fraction = matches!(self.meaning, Some(Meaning::Fraction));
        is_fraction && !is_special && self.key_faults.iter().all(Option::is_none)
    }

    /// Checks a value that went into the column of the key and consists of so many.
    pub fn check(
        &self,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        key: &str,
        count: usize,
        alternates: Alternates,
    ) {
        let value = &line[range.clone()];
        for rule in self.key_faults.into_iter().flatten() {
            let place = range.start - 1 - key.len()..range.start - 1;
            report.add(rule, line, place, || unusual_key(key.as_bytes()));
        }
        let expected = counts::expected_in_info(self.number, alternates.count);
        if expected.is_some_and(|it| it != count) && value != b"." {
            report.add(&rule::WRONG_VALUE_COUNT, line, range.clone(), || {
                let expected = expected.unwrap_or_default();
                format!("INFO {key} {}", counts::miscounted(count, expected))
            });
        }
        let message = || format!("INFO {key} is `{}`", printable(value, 40));
        if self.is_character && !counts::fits(value, ValueType::String, true) {
            report.add(&rule::SEVERAL_CHARACTERS, line, range.clone(), message);
        }
        if let Some(rule) = self.meaning.and_then(|it| it.fault(value)) {
            report.add(rule, line, range, message);
        }
    }
}

/// What is wrong with the characters of an INFO key.
fn key_fault(key: &[u8], minor: u32) -> Option<&'static Rule> {
    let is_sound = syntax::is_key(key) || key == b"1000G";
    let rule = if minor < 3 { &rule::UNUSUAL_INFO_KEY } else { &rule::INVALID_INFO_KEY };
    (!is_sound).then_some(rule)
}

/// Lengths and operations of the SAM format, or `.`.
fn is_cigar(value: &[u8]) -> bool {
    if value == b"." {
        return true;
    }
    let mut digits = 0;
    for it in value {
        match it {
            b'0'..=b'9' => digits += 1,
            b'M' | b'I' | b'D' | b'N' | b'S' | b'H' | b'P' | b'X' | b'=' if digits > 0 => {
                digits = 0;
            }
            _ => return false,
        }
    }
    digits == 0 && !value.is_empty()
}

/// What is wrong with a key that the header defines beyond ASCII: it is another one in the
/// service's header.
fn beyond_ascii(key: &[u8]) -> Option<&'static Rule> {
    (!key.is_ascii()).then_some(&rule::INFO_KEY_BEYOND_ASCII)
}

/// Checks such a key of an entry.
fn check_ascii(report: &mut LineReport, entry: &Entry<'_>) {
    if let Some(rule) = beyond_ascii(entry.key()) {
        report.add(rule, entry.line, entry.key.clone(), || unusual_key(entry.key()));
    }
}

/// Checks a bare key that the header defines, as a flag or not.
pub fn bare(report: &mut LineReport, entry: &Entry<'_>, is_flag: bool) {
    check_ascii(report, entry);
    let (rule, what) = match (is_flag, htsjdk::is_flag(entry.key(), is_flag)) {
        (true, true) => return,
        (true, false) => (&rule::MISSING_INFO_VALUE, "is no flag in the service, but"),
        (false, true) => (&rule::VALUE_DOES_NOT_FIT, "is a flag in the service alone, and"),
        (false, false) => (&rule::MISSING_INFO_VALUE, "is no flag, but"),
    };
    report.add(rule, entry.line, entry.key.clone(), || {
        format!("INFO {} {what} has no value", entry.name())
    });
}

/// Reports an entry whose value does not go into the column of its key.
pub fn misfit(report: &mut LineReport, entry: &Entry<'_>, value_type: ValueType, is_list: bool) {
    check_ascii(report, entry);
    let value = entry.value();
    let text = || printable(value, 40);
    let range = entry.value.clone().unwrap_or(entry.key.clone());
    let mut add = |rule, message: &dyn Fn() -> String| {
        report.add(rule, entry.line, range.clone(), message);
    };
    let is_flag = value_type == ValueType::Flag;
    if value.is_empty() {
        add(&rule::MISSING_INFO_VALUE, &|| format!("INFO {} has no value", entry.name()));
    } else if is_flag {
        let rule = match value {
            b"0" if htsjdk::is_flag(entry.key(), true) => &rule::FLAG_WRITTEN_AS_ZERO,
            b"1" => &rule::FLAG_WRITTEN_AS_NUMBER,
            _ => &rule::FLAG_WITH_VALUE,
        };
        add(rule, &|| format!("INFO {} is a flag, but has a value", entry.name()));
    } else if value != b"." {
        let form = if is_list { "a list of values" } else { "one value" };
        let kind = value_type.as_str();
        add(&rule::VALUE_DOES_NOT_FIT, &|| {
            let (name, text) = (entry.name(), text());
            let hint = syntax::glued_header(value);
            format!("INFO {name} is `{text}`, but the header says {form} of Type {kind}{hint}")
        });
    }
}

/// Checks an entry whose key the header does not define: its key, and where that is reserved, its
/// value.
pub fn undeclared(report: &mut LineReport, entry: &Entry<'_>, alternates: Alternates, minor: u32) {
    let (key, value) = (entry.key(), entry.value());
    if entry.value.is_some() && value.is_empty() {
        let message = || format!("INFO {} has no value", entry.name());
        report.add(&rule::MISSING_INFO_VALUE, entry.line, entry.key.clone(), message);
    }
    if let Some(rule) = key_fault(key, minor).filter(|_| !key.is_empty()) {
        report.add(rule, entry.line, entry.key.clone(), || unusual_key(key));
    }
    let Some(reserved) = reserved::info(key, minor) else { return };
    let range = entry.value.clone().unwrap_or(entry.key.clone());
    let mut add = |rule| {
        report.add(rule, entry.line, range.clone(), || {
            format!("INFO {} is `{}`", entry.name(), printable(value, 40))
        });
    };
    let is_flag = reserved.value == Some(ValueType::Flag);
    let expected = counts::expected_in_info(reserved.number, alternates.count);
    let counted = is_flag || expected.is_none_or(|it| it == counts::count(value));
    let typed = reserved.value.is_none_or(|it| counts::fits(value, it, false));
    if value != b"." && !(counted && typed) {
        add(&rule::RESERVED_INFO_VALUE);
    } else if reserved.is_count() && counts::has_negative(value) {
        add(&rule::NEGATIVE_COUNT);
    }
    if let Some(rule) = Meaning::of(key).and_then(|it| it.fault(value)) {
        add(rule);
    }
}

/// Whether a key speaks of structural variants, so that the record is to be judged as one.
pub fn is_structural(key: &[u8]) -> bool {
    reserved::is_structural(key)
}

/// Reports an entry whose key has come before in its record; of the values the last one holds, or
/// else the one that stands already.
pub fn repeated(report: &mut LineReport, entry: &Entry<'_>, is_last: bool) {
    let range = if entry.key.is_empty() { entry.whole() } else { entry.key.clone() };
    report.add(&rule::DUPLICATE_INFO_KEY, entry.line, range, || {
        let name = entry.name();
        let key = if name.is_empty() { "without a key".to_owned() } else { name };
        let holds = if is_last { "the last value holds" } else { "`=0` takes no flag back" };
        format!("INFO {key} comes twice: {holds}")
    });
}

/// Reports the END that holds: its value is no place, or is absent.
#[cold]
pub fn invalid_end(report: &mut LineReport, end: &Entry<'_>) {
    let range = end.value.clone().unwrap_or(end.key.clone());
    report.add(&rule::INVALID_END, end.line, range, || match end.value {
        Some(_) => format!("END is `{}`", printable(end.value(), 40)),
        None => "INFO END has no value".to_owned(),
    });
}

/// Reports integers of a value that have more than 32 bits.
#[cold]
pub fn wide(report: &mut LineReport, line: &[u8], range: Range<usize>, key: &str) {
    let is_wide = |it: &[u8]| number::long(it).is_some_and(|it| i32::try_from(it.0).is_err());
    if line[range.clone()].split(|it| *it == b',').any(is_wide) {
        report.add(&rule::INTEGER_BEYOND_32_BITS, line, range.clone(), || {
            format!("INFO {key} is `{}`", printable(&line[range], 40))
        });
    }
}

fn unusual_key(key: &[u8]) -> String {
    format!("INFO has the key `{}`", printable(key, 40))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cigars() {
        for (text, expected) in
            [("3M1I", true), ("1X", true), (".", true), ("M", false), ("3", false), ("", false)]
        {
            assert_eq!(is_cigar(text.as_bytes()), expected, "{text}");
        }
    }
}
