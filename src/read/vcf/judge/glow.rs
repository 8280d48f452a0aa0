//! What Glow 1.2 and the importer behind it make of FORMAT: a column for each definition, and of
//! each value what its column takes.

use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_header as rule;
use crate::model::ValueType;
use crate::read::number;
use crate::read::vcf::declared::{Definition, Number};

/// Why the importer fails on the column of a FORMAT definition, if it does.
pub fn column_fault(definition: &Definition) -> Option<(&'static Rule, String)> {
    let key = &definition.key;
    if key.contains(['.', '`']) {
        let message = format!("the service's importer finds no column of the name `{key}`");
        return Some((&rule::FORMAT_KEY_WITHOUT_COLUMN, message));
    }
    let is_number = matches!(definition.value, ValueType::Integer | ValueType::Float);
    let (form, is_sound) = match key.to_lowercase().as_str() {
        "gl" if key != "GL" => return None,
        "gl" | "spl" => ("a list of numbers", is_number && !is_scalar(definition.number)),
        // PS itself is read as htsjdk defines it.
        "ps" => ("a number", key == "PS" || is_number && is_scalar(definition.number)),
        _ => return None,
    };
    let message = || format!("the column of FORMAT {key} takes {form}");
    (!is_sound).then(|| (&rule::FORMAT_COLUMN_OF_ANOTHER_TYPE, message()))
}

fn is_scalar(number: Number) -> bool {
    matches!(number, Number::Count(0 | 1))
}

/// How htsjdk and Glow read the values of a key in samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Not at all: the header does not define the key.
    Nothing,
    /// GT.
    Genotype,
    /// AD and PL: where one element is no integer, the list is null (`decodeInts`).
    Counts,
    /// DP.
    Depth,
    /// GQ, which is rounded.
    Quality,
    /// GL, which becomes PL.
    Likelihoods,
    /// FT.
    Filters,
    /// One value (`updateFormatField`).
    One(ValueType),
    /// A list, whose missing elements are left out (`string2list`).
    List(ValueType),
}

impl Reading {
    /// How the values of a key are read, of which the header may have a definition.
    pub fn of(key: &[u8], declared: Option<&Definition>) -> Self {
        match key {
            b"GT" => Self::Genotype,
            b"AD" | b"PL" => Self::Counts,
            b"DP" => Self::Depth,
            b"GQ" => Self::Quality,
            b"GL" => Self::Likelihoods,
            b"FT" => Self::Filters,
            // Whatever the header says (`VCFStandardHeaderLines.repairStandardHeaderLines`).
            b"PS" if declared.is_some() => Self::One(ValueType::Integer),
            b"PQ" if declared.is_some() => Self::One(ValueType::Float),
            _ => declared.map_or(Self::Nothing, |it| {
                if is_scalar(it.number) { Self::One(it.value) } else { Self::List(it.value) }
            }),
        }
    }

    /// Whether a value that is there fails the job.
    pub fn refuses(self, value: &[u8]) -> bool {
        match self {
            Self::Nothing | Self::Genotype | Self::Counts => false,
            Self::Depth => !is_of(value, ValueType::Integer),
            Self::Quality => !is_of(value, ValueType::Float),
            Self::Likelihoods => {
                let missing = elements(value).filter(|it| *it == b".").count();
                let numbers = elements(value).filter(|it| *it != b".");
                numbers.clone().any(|it| !is_of(it, ValueType::Float))
                    || missing > 0 && numbers.count() > 0
            }
            Self::Filters => matches!(value, b"" | b"0"),
            Self::One(kind) => !is_of(value, kind),
            Self::List(kind) => elements(value).any(|it| it != b"." && !is_of(it, kind)),
        }
    }

    /// Whether values are lists in which a missing element is lost, or loses the list.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Counts | Self::Likelihoods | Self::List(_))
    }
}

/// The elements of a list as Java's `split` cuts it: without empty ones at the end.
fn elements(value: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let end = value.iter().rposition(|it| *it != b',').map_or(0, |it| it + 1);
    let is_commas = end == 0 && !value.is_empty();
    value[..end].split(|it| *it == b',').filter(move |_| !is_commas)
}

/// Whether Java takes a text for a number of that type.
fn is_of(text: &[u8], kind: ValueType) -> bool {
    match kind {
        ValueType::Integer => number::integer(text).is_some_and(|it| it.1 == text.len()),
        ValueType::Float => is_float(text),
        ValueType::String | ValueType::Flag => true,
    }
}

/// Whether htsjdk's `VCFUtils.parseVcfDouble` takes a text: with blanks around it, a `d` or `f`
/// behind it, or as infinity or NaN.
pub fn is_float(text: &[u8]) -> bool {
    let parses = |it: &[u8]| std::str::from_utf8(it).is_ok_and(|it| it.parse::<f64>().is_ok());
    let text = text.trim_ascii();
    let bare = match text {
        [bare @ .., b'd' | b'D' | b'f' | b'F'] if bare.iter().any(u8::is_ascii_digit) => bare,
        _ => text,
    };
    parses(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_refused_where_java_finds_no_number() {
        use Reading::{Counts, Depth, Filters, Likelihoods, List, One, Quality};
        use ValueType::{Float, Integer, String};
        let taken: [(Reading, &[&str]); 9] = [
            (One(Integer), &["5", "+5", "-1"]),
            (One(Float), &["1", "nan", "+Inf", "-infinity", " 1", "1d", "1e400"]),
            (One(String), &["", "a,b"]),
            (List(Integer), &["1,.", "1,", ".,.", ","]),
            (List(String), &["", "a,."]),
            (Depth, &["-1"]),
            (Quality, &["50.6", "nan"]),
            (Counts, &["x", "", "1,."]),
            (Likelihoods, &["-1,0", ".,."]),
        ];
        for (reading, values) in taken {
            for value in values {
                assert!(!reading.refuses(value.as_bytes()), "{reading:?} {value}");
            }
        }
        let refused: [(Reading, &[&str]); 7] = [
            (One(Integer), &["", "1,2", "7.5", "99999999999"]),
            (One(Float), &["", "1,2", "x", "infinit"]),
            (List(Integer), &["", ",1", "1,,2", "1.5"]),
            (Depth, &["", "3.5", "1,2"]),
            (Quality, &["", "1,2"]),
            (Likelihoods, &["", "x", "-1,.,0"]),
            (Filters, &["", "0"]),
        ];
        for (reading, values) in refused {
            for value in values {
                assert!(reading.refuses(value.as_bytes()), "{reading:?} {value}");
            }
        }
    }
}
