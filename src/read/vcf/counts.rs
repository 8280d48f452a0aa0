//! How many values a key has, and what they may be: the checks of values beyond their Type.

use super::header::{Definition, Number};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::ValueType;
use crate::read::number;

/// The ALT alleles of a record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alternates {
    /// How many there are; 0 where ALT is `.`.
    pub count: usize,
    /// Whether one of them is symbolic or a breakend.
    pub structural: bool,
}

/// How many values a Number asks for in INFO; none where it is open.
pub fn expected_in_info(number: Number, alternates: usize) -> Option<usize> {
    match number {
        // Where ALT is `.`, files differ in whether it counts.
        Number::A | Number::R if alternates == 0 => None,
        Number::Count(count) => usize::try_from(count).ok(),
        Number::A => Some(alternates),
        Number::R => Some(alternates + 1),
        // For INFO, nobody knows the ploidy.
        _ => None,
    }
}

/// How many values a Number asks for in a sample of a ploidy with local ALT alleles; none where it is open.
pub fn expected_in_sample(
    number: Number,
    alternates: usize,
    ploidy: usize,
    local: Option<usize>,
) -> Option<usize> {
    match number {
        Number::G if alternates == 0 => None,
        Number::G => genotypes(alternates, ploidy),
        Number::P => Some(ploidy),
        Number::LA => local,
        Number::LR => local.map(|it| it + 1),
        Number::LG => local.and_then(|it| genotypes(it, ploidy)),
        _ => expected_in_info(number, alternates),
    }
}

/// Genotypes of a ploidy with so many ALT alleles: the ways to choose with repetition. None where the number is absurd.
fn genotypes(alternates: usize, ploidy: usize) -> Option<usize> {
    let mut count: usize = 1;
    for index in 1..=ploidy {
        count = count.checked_mul(alternates.checked_add(index)?)? / index;
        if count > 1 << 40 {
            return None;
        }
    }
    Some(count)
}

/// Values separated by commas.
pub fn count(value: &[u8]) -> usize {
    memchr::memchr_iter(b',', value).count() + 1
}

/// How many values there are instead of how many, for a message.
pub fn miscounted(found: usize, expected: usize) -> String {
    let noun = if found == 1 { "value" } else { "values" };
    format!("has {found} {noun}, but has to have {expected}")
}

/// Whether every value is of a Type, or `.`.
pub fn fits(value: &[u8], kind: ValueType, is_character: bool) -> bool {
    let whole = |length: Option<usize>, it: &[u8]| length == Some(it.len());
    value.split(|it| *it == b',').filter(|it| *it != b".").all(|it| match kind {
        ValueType::Integer => whole(number::integer(it).map(|it| it.1), it),
        ValueType::Float => whole(number::float(it).map(|it| it.1), it),
        ValueType::Flag => matches!(it, b"" | b"0" | b"1"),
        ValueType::String => {
            !is_character || std::str::from_utf8(it).is_ok_and(|it| it.chars().count() <= 1)
        }
    })
}

/// Whether a value begins with a number, whatever follows.
pub fn begins_with_number(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"-").or_else(|| value.strip_prefix(b"+")).unwrap_or(value);
    value.first().is_some_and(u8::is_ascii_digit)
}

/// Whether one of the values is below zero.
pub fn has_negative(value: &[u8]) -> bool {
    let negative = |it: &[u8]| number::integer(it).is_some_and(|it| it.0 < 0);
    value.split(|it| *it == b',').any(negative)
}

/// Whether a number is outside of 0 to 1.
pub fn is_no_fraction(value: &[u8]) -> bool {
    let outside = |it: &[u8]| number::float(it).is_some_and(|it| it.0 < 0.0 || it.0 > 1.0);
    value.split(|it| *it == b',').any(outside)
}

/// What is known of the values of an INFO key.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    /// How many there are to be.
    pub number: Number,
    /// Whether each is one character.
    pub is_character: bool,
    /// Whether it says something about a structural variant.
    pub is_structural: bool,
    /// What is wrong with the key itself.
    pub key_fault: Option<&'static Rule>,
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
}

impl Meaning {
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
            Self::Fraction => (&rule::FREQUENCY_OUT_OF_RANGE, is_no_fraction(value)),
            Self::Cigar => {
                let fault = !value.split(|it| *it == b',').all(is_cigar);
                (&rule::INVALID_CIGAR, fault)
            }
            Self::AncestralAllele => {
                (&rule::INVALID_ANCESTRAL_ALLELE, value.iter().any(|it| matches!(it, b',' | b'=')))
            }
            Self::StructuralType => {
                let known = super::syntax::is_structural_type(value, 0);
                (&rule::UNKNOWN_SVTYPE, !known && value != b".")
            }
        };
        is_fault.then_some(rule)
    }
}

/// What is wrong with the value of a reserved key, by what it means.
pub fn meaning_fault(key: &[u8], value: &[u8]) -> Option<&'static Rule> {
    Meaning::of(key).and_then(|it| it.fault(value))
}

impl Values {
    /// What a definition says.
    pub fn of(definition: &Definition, minor: u32) -> Self {
        let key = definition.key.as_bytes();
        let mut values = Self {
            key_fault: key_fault(key, minor),
            number: definition.number,
            is_character: definition.is_character,
            is_structural: super::structural::is_key(key),
            meaning: Meaning::of(key),
            is_plain: false,
        };
        let is_special = values.is_character || values.is_structural;
        values.is_plain = !is_special && values.key_fault.is_none() && values.meaning.is_none();
        values
    }

    /// Whether a value of so many needs no further look.
    #[inline]
    pub fn is_sound(&self, count: usize, alternates: usize) -> bool {
        let is_right = match self.number {
            Number::Count(expected) => expected as usize == count,
            Number::A => alternates == count,
            Number::R => alternates + 1 == count,
            _ => true,
        };
        is_right && self.is_plain
    }

    /// What is wrong with the value, by what its key means.
    pub fn fault(&self, value: &[u8]) -> Option<&'static Rule> {
        self.meaning.and_then(|it| it.fault(value))
    }
}

/// What is wrong with the characters of an INFO key.
pub fn key_fault(key: &[u8], minor: u32) -> Option<&'static Rule> {
    let is_sound = super::syntax::is_key(key) || key == b"1000G";
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genotypes_are_counted_by_ploidy() {
        for (alternates, ploidy, expected) in
            [(1, 2, 3), (2, 2, 6), (2, 1, 3), (1, 3, 4), (0, 2, 1), (3, 0, 1)]
        {
            assert_eq!(genotypes(alternates, ploidy), Some(expected), "{alternates}, {ploidy}");
        }
        assert_eq!(genotypes(usize::MAX, 2), None);
        assert_eq!(genotypes(10_000, 1000), None);
    }

    #[test]
    fn cigars() {
        for (text, expected) in
            [("3M1I", true), ("1X", true), (".", true), ("M", false), ("3", false), ("", false)]
        {
            assert_eq!(is_cigar(text.as_bytes()), expected, "{text}");
        }
    }
}
