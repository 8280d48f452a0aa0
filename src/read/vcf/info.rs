//! INFO: each entry goes to its column, or, where it has none or does not fit it, to the others as
//! text.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::annotation::AnnotationValues;
use super::expected_key::ExpectedKey;
use super::file::VcfFile;
use super::judge::counts::{self, Alternates};
use super::judge::info::{self as judge, Entry, InfoValues};
use super::others::Others;
use super::percent;
use super::plan::Plan;
use super::sink::Sink;
use super::values::{decoded_texts, list, scalar, texts};
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
    /// Whether the record has percent codes.
    has_codes: bool,
    /// The columns whose values are annotations.
    annotated: [Option<usize>; 2],
    /// How many columns the sink has; the values of the others are kept as text.
    stored: usize,
    others: Others,
}

/// What the rest of the record needs of INFO.
#[derive(Default)]
pub struct Found {
    /// END.
    pub end: Option<End>,
    /// The key and the value of END where it is no place.
    invalid_end: Option<(Range<usize>, Option<Range<usize>>)>,
    /// The values that are annotations.
    pub annotations: AnnotationValues,
    /// Whether there are percent codes.
    pub has_codes: bool,
}

/// A sound integer in INFO END.
pub struct End {
    /// The last base, one-based.
    pub value: i32,
    /// Where it stands in the line.
    pub range: Range<usize>,
}

impl<'h> InfoReader<'h> {
    /// A reader for the columns of the header of a file.
    pub fn new(file: &'h VcfFile) -> Self {
        let VcfFile { columns, header, .. } = file;
        let (annotated, stored) = (file.annotations.info_columns(), file.stored);
        let by_key: FxHashMap<_, _> =
            columns.iter().enumerate().map(|(index, it)| (it.key.as_bytes(), index)).collect();
        let end_column = by_key.get(b"END".as_slice()).copied();
        let plan = |(index, column): (usize, &'h InfoColumn)| Plan {
            key: ExpectedKey::of(column.key.as_bytes()),
            kind: column.value,
            is_list: column.list,
            is_needed: index >= stored
                || annotated.into_iter().chain([end_column]).any(|it| it == Some(index)),
            last_record: 0,
            other: usize::MAX,
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
            has_codes: false,
            annotated,
            stored,
            others: Others::default(),
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
        self.has_codes = percent::has_codes(info, self.minor);
        found.has_codes = self.has_codes;
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
        if info.ends_with(b";") {
            let place = range.end - 1..range.end;
            report.add(&rule::SEMICOLON_AT_END_OF_INFO, line, place, || {
                "INFO ends with a semicolon".to_owned()
            });
        }
        self.record += 1;
        let mut previous = self.columns.len();
        let mut at = range.start;
        while at < range.end {
            let rest = &line[at..range.end];
            let (column, key_length) = self.column(rest, previous);
            previous = column.unwrap_or(previous);
            let is_new = column.is_none_or(|it| self.claim(it));
            let plain = column.filter(|_| is_new && rest.get(key_length) == Some(&b'='));
            let taken = plain.and_then(|it| self.take(sink, it, &rest[key_length + 1..]));
            if let (Some((length, count)), Some(column)) = (taken, plain) {
                let key = at..at + key_length;
                let value = key.end + 1..key.end + 1 + length;
                at = value.end + 1;
                if !self.plans[column].is_done(length, count, alternates.count) {
                    if column >= self.stored {
                        self.keep_text(line, key, value.clone(), column);
                    }
                    self.look(report, line, value.clone(), column, count, alternates);
                    self.keep(&mut found, line, value, column);
                }
            } else {
                let entry = entry(line, at, key_length, range.end);
                at = entry.whole().end + 1;
                match column {
                    Some(column) if !is_new => {
                        if self.take_back(sink, report, &entry, column, &mut found) {
                            // It is read again, as the only one of its key.
                            self.plans[column].last_record = 0;
                            at = entry.key.start;
                        }
                    }
                    Some(column) if entry.value.is_some() => {
                        self.misfit(sink, report, &entry, column, &mut found);
                    }
                    _ => self.unusual(sink, report, &entry, column, alternates, &mut found),
                }
            }
        }
        if let Some((key, value)) = found.invalid_end.take() {
            judge::invalid_end(report, &Entry { line, key, value });
        }
        if !self.others.is_empty() {
            let plans = &self.plans;
            let place_of = |column: usize| plans[column].other;
            self.others.put(sink, report, (line, self.has_codes), place_of);
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

    /// Checks a value that went into its column, where there is more to check than its type.
    fn look(
        &mut self,
        report: &mut LineReport,
        line: &[u8],
        value: Range<usize>,
        column: usize,
        count: usize,
        alternates: Alternates,
    ) {
        let key = &self.columns[column].key;
        if self.plans[column].may_be_wide(value.len()) {
            judge::wide(report, line, value.clone(), key);
        }
        if let Some(values) = self.plans[column].values {
            self.structural |= values.is_structural;
            values.check(report, line, value, key, count, alternates);
        }
    }

    /// Keeps the text of an entry whose column the sink does not have.
    #[cold]
    fn keep_text(&mut self, line: &[u8], key: Range<usize>, value: Range<usize>, column: usize) {
        let entry = Entry { line, key, value: Some(value) };
        self.plans[column].other = self.others.add(&entry, Some(column));
    }

    /// Keeps what the rest of the record needs.
    fn keep(&self, found: &mut Found, line: &[u8], value: Range<usize>, column: usize) {
        if Some(column) == self.end_column {
            let start = value.start - 1 - "END".len();
            found.end(&Entry { line, key: start..value.start - 1, value: Some(value) });
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
                let (value, length) = scalar(rest, number::long)?;
                sink.integer(column, value);
                Some((length, 1))
            }
            (ValueType::Float, false) => {
                let (value, length) = scalar(rest, number::float)?;
                sink.float(column, value);
                Some((length, 1))
            }
            (ValueType::Integer, true) => list(rest, sink.integers(column), number::long),
            (ValueType::Float, true) => list(rest, sink.floats(column), number::float),
            (ValueType::String, list) => {
                let length = memchr::memchr(b';', rest).unwrap_or(rest.len());
                let value = Some(&rest[..length]).filter(|it| !it.is_empty())?;
                if self.has_codes {
                    return put_decoded(sink, column, list, value);
                }
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

    fn is_flag(&self, column: usize) -> bool {
        self.columns[column].value == ValueType::Flag
    }

    /// Takes back what the record has of a key that comes again: the last value holds, as in the
    /// service's map. False where what it has stays: `=0` says nothing of a flag.
    #[cold]
    fn take_back<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        entry: &Entry<'_>,
        column: usize,
        found: &mut Found,
    ) -> bool {
        let is_flag = self.is_flag(column);
        let holds = !is_flag || entry.value() != b"0";
        judge::repeated(report, entry, holds);
        if !holds {
            return false;
        }
        let text = self.others.text(entry.line, self.plans[column].other, column);
        if text.is_none_or(|it| is_flag && it != b"0") {
            sink.forget(column);
        }
        self.plans[column].other = usize::MAX;
        if Some(column) == self.end_column {
            (found.end, found.invalid_end) = (None, None);
        }
        if let Some(place) = self.annotated.iter().position(|it| *it == Some(column)) {
            found.annotations[place] = None;
        }
        true
    }

    /// An entry whose value does not go into the column of its key. A flag is set by any value but
    /// 0.
    fn misfit<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        entry: &Entry<'_>,
        column: usize,
        found: &mut Found,
    ) {
        if self.is_flag(column) && entry.value() != b"0" {
            sink.flag(column);
        }
        self.plans[column].other = self.others.add(entry, Some(column));
        if Some(column) == self.end_column {
            found.end(entry);
        }
        if found.invalid_end.is_none() || Some(column) != self.end_column {
            judge::misfit(report, entry, &self.columns[column]);
        }
    }

    /// An entry that has no column, or whose key stands bare.
    fn unusual<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        entry: &Entry<'_>,
        column: Option<usize>,
        alternates: Alternates,
        found: &mut Found,
    ) {
        if column.is_none() {
            if entry.key() == b"END" {
                found.end = entry.value.clone().and_then(|it| end_value(entry.line, it));
            }
            self.structural |= judge::is_structural(entry.key());
            judge::undeclared(report, entry, alternates, self.minor);
        }
        let range = if entry.key.is_empty() { entry.whole() } else { entry.key.clone() };
        match column {
            _ if entry.key.is_empty() => {
                let message = || "INFO has an entry without a key".to_owned();
                report.add(&rule::EMPTY_FIELD, entry.line, range, message);
            }
            None => report.add(&rule::UNDECLARED_INFO_KEY, entry.line, range, || {
                format!("INFO {} is not defined in the header", entry.name())
            }),
            it if it == self.end_column => found.end(entry),
            Some(it) => judge::bare(report, entry, self.is_flag(it)),
        }
        if let Some(column) = column.filter(|it| self.is_flag(*it)) {
            if column >= self.stored {
                let end = entry.key.end;
                self.keep_text(entry.line, entry.key.clone(), end..end, column);
            }
            return sink.flag(column);
        }
        if !entry.key.is_empty() || entry.value.is_some() {
            let place = self.others.add(entry, column);
            if let Some(column) = column {
                self.plans[column].other = place;
            }
        }
    }
}

impl Found {
    /// Takes up an END; of several, the last one holds.
    fn end(&mut self, entry: &Entry<'_>) {
        self.end = entry.value.clone().and_then(|it| end_value(entry.line, it));
        if self.end.is_none() {
            self.invalid_end = Some((entry.key.clone(), entry.value.clone()));
        }
    }
}

/// Puts a text with percent codes, which say nothing of where its elements end.
#[cold]
fn put_decoded<S: Sink>(
    sink: &mut S,
    column: usize,
    is_list: bool,
    value: &[u8],
) -> Option<(usize, usize)> {
    if is_list {
        return Some((value.len(), decoded_texts(value, sink.texts(column))));
    }
    if value == b"." {
        return None;
    }
    sink.text(column, &percent::decoded(value));
    Some((value.len(), counts::count(value)))
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
