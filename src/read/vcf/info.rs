//! INFO: each entry goes to its column, or, where it has none or does not fit it, to the others as
//! text.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::annotation::AnnotationValues;
use super::declared::Header;
use super::expected_key::ExpectedKey;
use super::judge::counts::{self, Alternates};
use super::judge::info::{self as judge, Entry, InfoValues};
use super::sink::Sink;
use super::values::{list, scalar, texts};
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::{InfoColumn, ValueType};
use crate::read::number;
use crate::read::report::LineReport;

/// Reads the INFO fields of one chunk.
pub struct InfoReader<'h> {
    columns: &'h [InfoColumn],
    by_key: FxHashMap<&'h [u8], usize>,
    /// What each entry asks of its column, side by side.
    plans: Vec<Plan<'h>>,
    /// For each column two that followed it, and at the end two that came first. Records repeat
    /// the order of their keys, and leave a few out, so these guesses save nearly every look-up.
    successors: Vec<[usize; 2]>,
    record: u64,
    end_column: Option<usize>,
    minor: u32,
    /// Whether the record has keys that speak of structural variants.
    structural: bool,
    /// The columns whose values are annotations.
    annotated: [Option<usize>; 2],
}

/// A column, as the entries of a record need it.
struct Plan<'h> {
    key: ExpectedKey<'h>,
    kind: ValueType,
    is_list: bool,
    /// Whether the rest of the record needs it.
    is_needed: bool,
    /// The record that had it last, to notice a key that comes twice.
    last_record: u64,
    /// What is to be checked of its values; nothing is known of columns that the header does not
    /// define.
    values: Option<InfoValues>,
}

/// What the rest of the record needs of INFO.
#[derive(Default)]
pub struct Found {
    /// END.
    pub end: Option<End>,
    /// The values that are annotations.
    pub annotations: AnnotationValues,
}

/// A sound integer in INFO END.
pub struct End {
    /// The last base, one-based.
    pub value: i32,
    /// Where it stands in the line.
    pub range: Range<usize>,
}

impl Plan<'_> {
    /// Whether a value that went into the column needs no further look.
    #[inline]
    fn is_done(&self, count: usize, alternates: usize) -> bool {
        !self.is_needed && self.values.is_some_and(|it| it.is_sound(count, alternates))
    }
}

impl<'h> InfoReader<'h> {
    /// A reader for these columns, which are those of the header; `annotated` are those whose
    /// values are annotations.
    pub fn new(columns: &'h [InfoColumn], header: &Header, annotated: [Option<usize>; 2]) -> Self {
        let by_key: FxHashMap<_, _> =
            columns.iter().enumerate().map(|(index, it)| (it.key.as_bytes(), index)).collect();
        let end_column = by_key.get(b"END".as_slice()).copied();
        let plan = |(index, column): (usize, &'h InfoColumn)| Plan {
            key: ExpectedKey::of(column.key.as_bytes()),
            kind: column.value,
            is_list: column.list,
            is_needed: annotated.into_iter().chain([end_column]).any(|it| it == Some(index)),
            last_record: 0,
            values: header.info.get(index).map(|it| InfoValues::of(it, header.minor())),
        };
        let plans = columns.iter().enumerate().map(plan).collect();
        // At first, guess the order of the header.
        let mut successors: Vec<[usize; 2]> = (1..=columns.len()).map(|it| [it; 2]).collect();
        successors.push([0; 2]);
        Self {
            columns,
            by_key,
            plans,
            successors,
            record: 0,
            end_column,
            minor: header.minor(),
            structural: false,
            annotated,
        }
    }

    /// Whether the record that was read last has keys that speak of structural variants.
    pub fn has_structural_keys(&self) -> bool {
        self.structural
    }

    /// Reads the field at `range` of the line.
    pub fn read<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        line: &[u8],
        range: Range<usize>,
        alternates: Alternates,
    ) -> Found {
        self.structural = false;
        let mut found = Found::default();
        let info = &line[range.clone()];
        if info == b"." {
            return found;
        }
        if info.is_empty() {
            report.add(&rule::EMPTY_FIELD, line, range, || "INFO is empty".to_owned());
            return found;
        }
        if let Some(at) = memchr::memchr(b' ', info) {
            let at = range.start + at;
            let rule =
                if self.minor < 3 { &rule::BLANK_IN_INFO } else { &rule::BLANK_IN_INFO_SINCE_4_3 };
            report.add(rule, line, at..at + 1, || "INFO contains a blank".to_owned());
        }
        self.record += 1;
        let mut previous = self.columns.len();
        let mut at = range.start;
        while at < range.end {
            let rest = &line[at..range.end];
            let (column, key_length) = self.column(rest, previous);
            previous = column.unwrap_or(previous);
            let plain = column.filter(|it| rest.get(key_length) == Some(&b'=') && self.claim(*it));
            let taken = plain.and_then(|it| self.take(sink, it, &rest[key_length + 1..]));
            if let (Some((length, count)), Some(column)) = (taken, plain) {
                let value = at + key_length + 1..at + key_length + 1 + length;
                at = value.end + 1;
                if !self.plans[column].is_done(count, alternates.count) {
                    if let Some(values) = self.plans[column].values {
                        self.structural |= values.is_structural;
                        let key = &self.columns[column].key;
                        values.check(report, line, value.clone(), key, count, alternates);
                    }
                    self.keep(&mut found, line, value, column);
                }
            } else {
                let entry = entry(line, at, key_length, range.end);
                at = entry.whole().end + 1;
                if column.is_none() && entry.key() == b"END" {
                    found.end = entry.value.clone().and_then(|it| end_value(line, it));
                }
                match plain {
                    Some(column) => {
                        sink.other(entry.key(), entry.value());
                        judge::misfit(report, &entry, &self.columns[column]);
                    }
                    None => self.unusual(sink, report, &entry, column, alternates),
                }
            }
        }
        found
    }

    /// The column of the key that begins here, and the key's length.
    #[inline]
    fn column(&mut self, rest: &[u8], previous: usize) -> (Option<usize>, usize) {
        let guesses = self.successors[previous];
        for guess in guesses {
            if let Some(Plan { key, .. }) = self.plans.get(guess)
                && key.begins(rest)
                && matches!(rest.get(key.len()), None | Some(b'=' | b';'))
            {
                return (Some(guess), key.len());
            }
        }
        self.look_up(rest, previous)
    }

    /// The column of a key that was not guessed, and the key's length; the next guess is right.
    #[cold]
    fn look_up(&mut self, rest: &[u8], previous: usize) -> (Option<usize>, usize) {
        let length = rest.iter().position(|it| matches!(it, b'=' | b';')).unwrap_or(rest.len());
        let column = self.by_key.get(&rest[..length]).copied();
        if let Some(column) = column {
            self.successors[previous] = [column, self.successors[previous][0]];
        }
        (column, length)
    }

    /// Gives a column to the entry under way; false where the record has had it before.
    #[inline]
    fn claim(&mut self, column: usize) -> bool {
        std::mem::replace(&mut self.plans[column].last_record, self.record) != self.record
    }

    /// Keeps what the rest of the record needs.
    fn keep(&self, found: &mut Found, line: &[u8], value: Range<usize>, column: usize) {
        if Some(column) == self.end_column {
            found.end = end_value(line, value);
        } else if let Some(place) = self.annotated.iter().position(|it| *it == Some(column)) {
            found.annotations[place] = Some(value);
        }
    }

    /// Puts the value that begins here into its column; the bytes it took and how many values
    /// there are, or none (and nothing put) where it does not fit.
    #[inline]
    fn take<S: Sink>(&self, sink: &mut S, column: usize, rest: &[u8]) -> Option<(usize, usize)> {
        let plan = &self.plans[column];
        match (plan.kind, plan.is_list) {
            (ValueType::Integer, false) => {
                let (value, length) = scalar(rest, number::integer)?;
                sink.integer(column, value);
                Some((length, 1))
            }
            (ValueType::Float, false) => {
                let (value, length) = scalar(rest, number::float)?;
                sink.float(column, value);
                Some((length, 1))
            }
            (ValueType::Integer, true) => list(rest, sink.integers(column), number::integer),
            (ValueType::Float, true) => list(rest, sink.floats(column), number::float),
            (ValueType::String, list) => {
                let length = memchr::memchr(b';', rest).unwrap_or(rest.len());
                let value = Some(&rest[..length]).filter(|it| !it.is_empty())?;
                match (list, value) {
                    (true, _) => Some((length, texts(value, sink.texts(column)))),
                    (false, b".") => None,
                    (false, _) => {
                        sink.text(column, value);
                        Some((length, counts::count(value)))
                    }
                }
            }
            (ValueType::Flag, _) => None,
        }
    }

    /// An entry that is not `KEY=value` of a column that the record has not had yet.
    fn unusual<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        entry: &Entry<'_>,
        column: Option<usize>,
        alternates: Alternates,
    ) {
        if column.is_none() {
            self.structural |= judge::is_structural(entry.key());
            judge::undeclared(report, entry, alternates, self.minor);
        }
        let is_new = column.is_none_or(|it| self.claim(it));
        let flag = |it: usize| self.columns[it].value == ValueType::Flag;
        let (rule, what) = match column {
            _ if entry.key.is_empty() => (&rule::EMPTY_FIELD, "has an entry without a key"),
            None => (&rule::UNDECLARED_INFO_KEY, "is not defined in the header"),
            Some(_) if !is_new => (&rule::DUPLICATE_INFO_KEY, "comes twice"),
            Some(column) if flag(column) => return sink.flag(column),
            Some(_) => (&rule::MISSING_INFO_VALUE, "is no flag, but has no value"),
        };
        let range = if entry.key.is_empty() { entry.whole() } else { entry.key.clone() };
        report.add(rule, entry.line, range, || {
            let name =
                if entry.key.is_empty() { String::new() } else { format!(" {}", entry.name()) };
            format!("INFO{name} {what}")
        });
        if !entry.key.is_empty() || entry.value.is_some() {
            sink.other(entry.key(), if entry.value.is_some() { entry.value() } else { b"." });
        }
    }
}

fn entry(line: &[u8], at: usize, key_length: usize, end: usize) -> Entry<'_> {
    let stop = memchr::memchr(b';', &line[at..end]).map_or(end, |it| at + it);
    let key = at..at + key_length;
    let value = (key.end < stop).then(|| key.end + 1..stop);
    Entry { line, key, value }
}

fn end_value(line: &[u8], range: Range<usize>) -> Option<End> {
    let (value, length) = number::integer(&line[range.clone()])?;
    (length == range.len()).then_some(End { value, range })
}
