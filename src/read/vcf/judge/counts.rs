//! How many values a key has, and whether they are of its Type.

use crate::model::ValueType;
use crate::read::number;
use crate::read::vcf::declared::Number;

/// The ALT alleles of a record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alternates {
    /// How many there are; 0 where ALT is `.`.
    pub count: usize,
    /// How many of them the service's reader passes over.
    pub passed_over: usize,
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

/// How many values a Number asks for in a sample of a ploidy with local ALT alleles; none where it
/// is open.
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

/// Genotypes of a ploidy with so many ALT alleles: the ways to choose with repetition. None where
/// the number is absurd.
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

/// Whether a list has missing elements beside others.
pub fn is_partly_missing(value: &[u8]) -> bool {
    let missing = |it: &[u8]| it == b".";
    let mut elements = value.split(|it| *it == b',');
    memchr::memchr(b'.', value).is_some() && elements.clone().any(missing) && !elements.all(missing)
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
}
