//! What the values of a column say about its type, by the same rules as an import.

use std::sync::Arc;

use super::contigs::{is_band, is_place};
use crate::model::{ColumnType, NullMarks};
use crate::read::tsv::{Value, convert, is_out_of_range};

/// Spellings of an absent value. The service knows none of them: a column that has one can only be
/// STRING.
const MARKERS: [&str; 29] = [
    ".", "NA", "N/A", "#N/A", "#NA", "<NA>", "n/a", "na", "n.a.", "N.A.", "-", "--", "---", "nan",
    "null", "NULL", "Null", "(null)", "None", "none", "NONE", "\\N", "?", "inf", "-inf", "#DIV/0!",
    "#NUM!", "#REF!", "#VALUE!",
];

const INT: u16 = 1;
const LONG: u16 = 2;
const DOUBLE: u16 = 4;
/// `NaN` and the infinities, which make a DOUBLE only beside numbers.
const WORD: u16 = 8;
const BOOLEAN: u16 = 16;
const MARKER: u16 = 32;
/// Numbers that a numeric column would change, such as those with leading zeros.
const ALTERED: u16 = 64;
const TEXT: u16 = 128;
/// Text that is a number with a comma in it.
const COMMA: u16 = 256;

/// A value is the number 0.
const ZERO: u8 = 1;
/// A value is a number.
const NUMBER: u8 = 2;
/// A value is empty.
const EMPTY: u8 = 4;
/// A value is no place in one, as `chr1:100`.
const NO_PLACE: u8 = 8;
/// A value is `+`.
const PLUS: u8 = 16;

/// What has been seen of a column.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    seen: u16,
    /// Values that say nothing, since the store takes them for null.
    nulls: Arc<NullMarks>,
    /// The first marker of an absent value.
    pub marker: Option<String>,
    /// The first number that a numeric column would change.
    pub altered: Option<String>,
    /// The first value that is no whole number, and no marker.
    pub fraction: Option<String>,
    /// The first value that is a band of a chromosome.
    pub band: Option<String>,
    /// The first value that begins or ends with a blank.
    pub padded: Option<String>,
    /// What the values are as alleles.
    pub alleles: Alleles,
    /// What single values are, whatever the others are: [`ZERO`] and the others.
    single: u8,
}

/// What the values of a column are as alleles.
#[derive(Clone, Debug, Default)]
pub struct Alleles {
    has_some: bool,
    /// The first value that is no allele.
    other: Option<String>,
    /// The first word that marks an absent value.
    pub mark: Option<String>,
}

impl Alleles {
    /// What stands among alleles and is none.
    pub fn odd(&self) -> Option<&String> {
        self.other.as_ref().filter(|_| self.has_some).or(self.mark.as_ref())
    }

    /// Whether there are alleles, and nothing else but marks of absent values.
    pub fn are_there(&self) -> bool {
        self.has_some && self.other.is_none()
    }

    fn add(&mut self, value: &[u8]) {
        const BASES: &[u8] = b"ACGTUNRYSWKMBDHVacgtunryswkmbdhv*-.,/";
        const SIGNS: &[u8] = b"*-.,/";
        if self.has_some && self.other.is_some() || value.iter().all(|it| SIGNS.contains(it)) {
            return;
        }
        if is_marker(value) || matches!(value, b"0" | b"NaN") {
            self.mark = self.mark.take().or_else(|| Some(shown(value)));
        } else if value[0] == b'<'
            || value.iter().all(|it| BASES.contains(it))
            || is_breakend(value)
        {
            self.has_some = true;
        } else {
            self.other = self.other.take().or_else(|| Some(shown(value)));
        }
    }

    fn merge(&mut self, later: Self) {
        self.has_some |= later.has_some;
        self.other = self.other.take().or(later.other);
        self.mark = self.mark.take().or(later.mark);
    }
}

impl Evidence {
    /// Nothing seen yet of a column of a store that takes these marks for null.
    pub fn ignoring(marks: &NullMarks) -> Self {
        Self { nulls: Arc::new(marks.clone()), ..Self::default() }
    }

    /// What some rows say about so many columns.
    pub fn of_rows(rows: &[Vec<String>], columns: usize) -> Vec<Self> {
        let mut all = vec![Self::default(); columns];
        for row in rows {
            all.iter_mut().zip(row).for_each(|(own, field)| own.add(field.as_bytes()));
        }
        all
    }

    /// Takes a value into account. An empty one is null.
    pub fn add(&mut self, value: &[u8]) {
        let (Some(first), Some(last)) = (value.first(), value.last()) else {
            self.single |= EMPTY;
            return;
        };
        self.alleles.add(value);
        if self.single & NO_PLACE == 0 && !is_place(value) {
            self.single |= NO_PLACE;
        }
        if value == b"+" {
            self.single |= PLUS;
        }
        if self.band.is_none() && is_band(value) {
            self.band = Some(shown(value));
        }
        if self.padded.is_none() && (*first <= b' ' || *last <= b' ') {
            self.padded = Some(shown(value));
        }
        if self.seen & TEXT != 0 {
            if self.single & NUMBER == 0 && is_number(value) {
                self.single |= NUMBER;
            }
            return;
        }
        if self.nulls.contains(value) {
            return;
        }
        let kind = kind(value);
        if kind & (INT | LONG | DOUBLE | ALTERED) != 0 {
            self.single |= NUMBER;
        }
        if kind & (INT | LONG | MARKER) == 0 && self.fraction.is_none() {
            self.fraction = Some(shown(value));
        }
        match kind {
            MARKER if self.marker.is_none() => self.marker = Some(shown(value)),
            ALTERED if self.altered.is_none() => self.altered = Some(shown(value)),
            INT if value.iter().all(|it| *it == b'0') => self.single |= ZERO,
            _ => {}
        }
        self.seen |= kind;
    }

    /// Takes what was seen further down the file into account.
    pub fn merge(&mut self, later: Self) {
        self.seen |= later.seen;
        self.marker = self.marker.take().or(later.marker);
        self.altered = self.altered.take().or(later.altered);
        self.fraction = self.fraction.take().or(later.fraction);
        self.band = self.band.take().or(later.band);
        self.padded = self.padded.take().or(later.padded);
        self.single |= later.single;
        self.alleles.merge(later.alleles);
    }

    /// Whether every value is a place in one, as `chr1:100`.
    pub fn are_places(&self) -> bool {
        !self.is_empty() && self.single & NO_PLACE == 0
    }

    /// Whether a value is the number 0.
    pub fn has_zero(&self) -> bool {
        self.single & ZERO != 0
    }

    /// Whether a value is a number, whatever the others are.
    pub fn has_number(&self) -> bool {
        self.single & NUMBER != 0
    }

    /// Whether a value is `+`, beside which `-` is the other strand.
    pub fn has_strands(&self) -> bool {
        self.single & PLUS != 0
    }

    /// Whether the column has numbers, some of them with a comma.
    pub fn has_commas(&self) -> bool {
        self.seen & COMMA != 0 && self.seen & (TEXT | WORD | BOOLEAN) == 0
    }

    /// Whether a value is empty.
    pub fn has_empty(&self) -> bool {
        self.single & EMPTY != 0
    }

    /// Whether there was a value at all.
    pub fn is_empty(&self) -> bool {
        self.seen == 0
    }

    /// The narrowest type that holds every value as it is. Whole numbers are LONG unless the
    /// `whole` file was seen, since the rest may have larger ones.
    pub fn data_type(&self, whole: bool) -> ColumnType {
        Self::of(self.seen, whole)
    }

    /// The type that the column has but for markers and numbers that would change.
    pub fn intended_type(&self) -> ColumnType {
        let seen = if self.seen & ALTERED != 0 { self.seen | LONG } else { self.seen };
        Self::of(seen & !(MARKER | ALTERED), true)
    }

    fn of(seen: u16, whole: bool) -> ColumnType {
        if seen & (TEXT | COMMA | MARKER | ALTERED) != 0 {
            return ColumnType::String;
        }
        match (seen & BOOLEAN != 0, seen & (INT | LONG | DOUBLE) != 0) {
            (true, false) if seen & WORD == 0 => ColumnType::Boolean,
            (false, true) if seen & (DOUBLE | WORD) != 0 => ColumnType::Double,
            (false, true) if seen & LONG != 0 || !whole => ColumnType::Long,
            (false, true) => ColumnType::Int,
            _ => ColumnType::String,
        }
    }
}

/// Whether a field, as a value of a type that is no STRING, would be accepted by an import.
pub fn fits(data_type: ColumnType, field: &[u8]) -> bool {
    convert(data_type, field).is_some()
}

/// Whether a field stands for an absent value.
pub fn is_marker(field: &[u8]) -> bool {
    MARKERS.iter().any(|it| it.as_bytes() == field)
}

fn kind(value: &[u8]) -> u16 {
    if is_marker(value) {
        return MARKER;
    }
    if let Some(Value::Long(number)) = convert(ColumnType::Long, value) {
        let digits = value.strip_prefix(b"-").unwrap_or(value);
        return match digits {
            [b'0', _, ..] => ALTERED,
            _ if i32::try_from(number).is_ok() => INT,
            _ => LONG,
        };
    }
    if let Some(Value::Boolean(_)) = convert(ColumnType::Boolean, value) {
        return BOOLEAN;
    }
    let Some(number) = convert(ColumnType::Double, value) else {
        return if has_comma(value) { COMMA } else { TEXT };
    };
    let has_digit = value.iter().any(u8::is_ascii_digit);
    // Blanks around whole numbers, the suffixes of Java and digits beyond any type are read, but do
    // not come back.
    let padded = value.first() <= Some(&b' ') || value.last() <= Some(&b' ');
    let padded = padded && !value.contains(&b'.');
    let suffixed = value.last().is_some_and(u8::is_ascii_alphabetic) && has_digit;
    let too_long = value.iter().all(|it| it.is_ascii_digit() || *it == b'-' || *it == b'+');
    if padded || suffixed || too_long || is_out_of_range(number, value) {
        ALTERED
    } else if has_digit {
        DOUBLE
    } else {
        WORD
    }
}

/// Whether a value is a number but for a comma between its digits, or some that part thousands.
fn has_comma(value: &[u8]) -> bool {
    let mut parts = value.split(|it| *it == b',');
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return false };
    let is_third = |it: &[u8]| it.len() == 3 && it.iter().all(u8::is_ascii_digit);
    let mut rest = parts.peekable();
    let is_parted = rest.peek().is_none() || is_third(second) && rest.all(is_third);
    let digits: Vec<u8> = value.iter().copied().filter(|it| *it != b',').collect();
    first.last().is_some_and(u8::is_ascii_digit)
        && second.first().is_some_and(u8::is_ascii_digit)
        && is_number(&digits)
        && is_parted
}

/// Whether an ALT is a breakend: bases, and the place that they are joined to in brackets.
fn is_breakend(value: &[u8]) -> bool {
    let mut parts = value.split(|it| matches!(it, b'[' | b']'));
    let (Some(before), Some(place), Some(after), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let are_bases = |it: &[u8]| it.iter().all(|it| it.is_ascii_alphabetic() || *it == b'.');
    before.is_empty() != after.is_empty()
        && are_bases(before)
        && are_bases(after)
        && place.contains(&b':')
        && place.last().is_some_and(u8::is_ascii_digit)
}

/// Whether a value is a number, by its first character and then in full.
pub fn is_number(value: &[u8]) -> bool {
    value.first().is_some_and(|it| it.is_ascii_digit() || b"+-.".contains(it))
        && fits(ColumnType::Double, value)
}

/// The beginning of a value, to be shown.
fn shown(value: &[u8]) -> String {
    String::from_utf8_lossy(value).chars().take(30).collect()
}
