//! INFO: each entry goes to its column, or, where it has none or does not fit it, to the others as text.

use std::ops::Range;

use super::number;
use super::record::{KeyMap, Report};
use super::sink::{Elements, Sink};
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::{InfoColumn, ValueType};

/// Reads the INFO fields of one chunk.
pub struct InfoReader<'h> {
    columns: &'h [InfoColumn],
    by_key: KeyMap<'h>,
    /// For each column the one that followed it last time, and at the end the one that came first. Records repeat the
    /// order of their keys, so this guess saves nearly every look-up.
    successor: Vec<usize>,
    /// For each column the record that had it last, to notice a key that comes twice.
    last_record: Vec<u64>,
    record: u64,
    end_column: Option<usize>,
}

/// A sound integer in INFO END.
pub struct End {
    /// The last base, one-based.
    pub value: i32,
    /// Where it stands in the line.
    pub range: Range<usize>,
}

/// An entry of INFO within its line.
struct Entry<'l> {
    line: &'l [u8],
    key: Range<usize>,
    /// Absent for a bare key.
    value: Option<Range<usize>>,
}

impl Entry<'_> {
    fn key(&self) -> &[u8] {
        &self.line[self.key.clone()]
    }

    fn value(&self) -> &[u8] {
        self.value.clone().map_or(b"", |it| &self.line[it])
    }

    fn name(&self) -> String {
        String::from_utf8_lossy(self.key()).into_owned()
    }

    fn whole(&self) -> Range<usize> {
        self.key.start..self.value.as_ref().map_or(self.key.end, |it| it.end)
    }
}

impl<'h> InfoReader<'h> {
    /// A reader for these columns.
    pub fn new(columns: &'h [InfoColumn]) -> Self {
        let by_key: KeyMap<'h> =
            columns.iter().enumerate().map(|(index, it)| (it.key.as_bytes(), index)).collect();
        let end_column = by_key.get(b"END".as_slice()).copied();
        // At first, guess the order of the header.
        let mut successor: Vec<usize> = (1..=columns.len()).collect();
        successor.push(0);
        Self {
            columns,
            by_key,
            successor,
            last_record: vec![0; columns.len()],
            record: 0,
            end_column,
        }
    }

    /// Reads the field at `range` of the line; the value of END, if there is a sound one.
    pub fn read<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut Report,
        line: &[u8],
        range: Range<usize>,
    ) -> Option<End> {
        let info = &line[range.clone()];
        if info == b"." {
            return None;
        }
        if info.is_empty() {
            report.add(&rule::EMPTY_FIELD, line, range, || "INFO is empty".to_owned());
            return None;
        }
        if let Some(at) = memchr::memchr(b' ', info) {
            let at = range.start + at;
            report
                .add(&rule::BLANK_IN_INFO, line, at..at + 1, || "INFO contains a blank".to_owned());
        }
        self.record += 1;
        let mut end = None;
        let mut previous = self.columns.len();
        let mut at = range.start;
        while at < range.end {
            let rest = &line[at..range.end];
            let (column, key_length) = self.column(rest, previous);
            let value_at = at + key_length + 1;
            at = match column {
                Some(column) if rest.get(key_length) == Some(&b'=') && self.is_new(column) => {
                    previous = column;
                    self.last_record[column] = self.record;
                    let taken = take(sink, self.columns, column, &line[value_at..range.end]);
                    match taken {
                        Some(taken) if Some(column) == self.end_column => {
                            end = end_value(line, value_at..value_at + taken);
                            value_at + taken + 1
                        }
                        Some(taken) => value_at + taken + 1,
                        None => self.misfit(
                            sink,
                            report,
                            &entry(line, at, key_length, range.end),
                            Some(column),
                        ),
                    }
                }
                column => {
                    previous = column.unwrap_or(previous);
                    let next = entry(line, at, key_length, range.end);
                    if column.is_none() && next.key() == b"END" {
                        end = next.value.clone().and_then(|it| end_value(line, it));
                    }
                    self.unusual(sink, report, &next, column)
                }
            };
        }
        end
    }

    /// The column of the key that begins here, and the key's length.
    fn column(&mut self, rest: &[u8], previous: usize) -> (Option<usize>, usize) {
        let guess = self.successor[previous];
        if let Some(column) = self.columns.get(guess) {
            let key = column.key.as_bytes();
            if rest.starts_with(key) && matches!(rest.get(key.len()), None | Some(b'=' | b';')) {
                return (Some(guess), key.len());
            }
        }
        let length = rest.iter().position(|it| matches!(it, b'=' | b';')).unwrap_or(rest.len());
        let column = self.by_key.get(&rest[..length]).copied();
        if let Some(column) = column {
            self.successor[previous] = column;
        }
        (column, length)
    }

    fn is_new(&self, column: usize) -> bool {
        self.last_record[column] != self.record
    }

    /// An entry whose value does not go into its column; where the next entry begins.
    fn misfit<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut Report,
        entry: &Entry<'_>,
        column: Option<usize>,
    ) -> usize {
        let next = entry.whole().end + 1;
        let value = entry.value();
        sink.other(entry.key(), value);
        let Some(column) = column.map(|it| &self.columns[it]) else { return next };
        let range = entry.value.clone().unwrap_or(entry.key.clone());
        if value.is_empty() {
            report.add(&rule::MISSING_INFO_VALUE, entry.line, range, || {
                format!("INFO {} has no value", entry.name())
            });
        } else if column.value == ValueType::Flag {
            report.add(&rule::FLAG_WITH_VALUE, entry.line, range, || {
                format!("INFO {} is a flag, but has a value", entry.name())
            });
        } else if value != b"." && column.key == "END" {
            report.add(&rule::INVALID_END, entry.line, range, || {
                format!("END is `{}`", String::from_utf8_lossy(value))
            });
        } else if value != b"." {
            let form = if column.list { "a list of values" } else { "one value" };
            report.add(&rule::VALUE_DOES_NOT_FIT, entry.line, range, || {
                format!(
                    "INFO {} is `{}`, but the header says {form} of Type {}",
                    entry.name(),
                    shortened(value),
                    column.value.as_str()
                )
            });
        }
        next
    }

    /// An entry that is not `KEY=value` of a column that the record has not had yet; where the next entry begins.
    fn unusual<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut Report,
        entry: &Entry<'_>,
        column: Option<usize>,
    ) -> usize {
        let next = entry.whole().end + 1;
        if entry.key.is_empty() {
            let range = entry.whole();
            report.add(&rule::EMPTY_FIELD, entry.line, range, || {
                "INFO has an entry without a key".to_owned()
            });
            if entry.value.is_some() {
                sink.other(b"", entry.value());
            }
            return next;
        }
        let value = if entry.value.is_some() { entry.value() } else { b"." };
        let Some(column) = column else {
            report.add(&rule::UNDECLARED_INFO_KEY, entry.line, entry.key.clone(), || {
                format!("the header does not define INFO {}", entry.name())
            });
            sink.other(entry.key(), value);
            return next;
        };
        if !self.is_new(column) {
            let message = || format!("INFO {} comes twice", entry.name());
            report.add(&rule::DUPLICATE_INFO_KEY, entry.line, entry.key.clone(), message);
            sink.other(entry.key(), value);
        } else if self.columns[column].value == ValueType::Flag {
            sink.flag(column);
            self.last_record[column] = self.record;
        } else {
            let message = || format!("INFO {} is no flag, but has no value", entry.name());
            report.add(&rule::MISSING_INFO_VALUE, entry.line, entry.key.clone(), message);
            sink.other(entry.key(), value);
            self.last_record[column] = self.record;
        }
        next
    }
}

fn entry(line: &[u8], at: usize, key_length: usize, end: usize) -> Entry<'_> {
    let stop = memchr::memchr(b';', &line[at..end]).map_or(end, |it| at + it);
    let key = at..at + key_length;
    let value = (key.end < stop).then(|| key.end + 1..stop);
    Entry { line, key, value }
}

fn shortened(value: &[u8]) -> String {
    crate::diagnostic::printable(value, 40)
}

fn end_value(line: &[u8], range: Range<usize>) -> Option<End> {
    let (value, length) = number::integer(&line[range.clone()])?;
    (length == range.len()).then_some(End { value, range })
}

/// Puts the value that begins here into its column; the bytes it took, or none (and nothing put) where it does not fit.
fn take<S: Sink>(
    sink: &mut S,
    columns: &[InfoColumn],
    column: usize,
    rest: &[u8],
) -> Option<usize> {
    let kind = &columns[column];
    match (kind.value, kind.list) {
        (ValueType::Integer, false) => {
            let (value, length) = scalar(rest, number::integer)?;
            sink.integer(column, value);
            Some(length)
        }
        (ValueType::Float, false) => {
            let (value, length) = scalar(rest, number::float)?;
            sink.float(column, value);
            Some(length)
        }
        (ValueType::Integer, true) => list(rest, sink.integers(column), number::integer),
        (ValueType::Float, true) => list(rest, sink.floats(column), number::float),
        (ValueType::String, false) => {
            let length = memchr::memchr(b';', rest).unwrap_or(rest.len());
            let value = Some(&rest[..length]).filter(|it| !it.is_empty() && *it != b".")?;
            sink.text(column, value);
            Some(length)
        }
        (ValueType::String, true) => {
            let length = memchr::memchr(b';', rest).unwrap_or(rest.len());
            let value = Some(&rest[..length]).filter(|it| !it.is_empty())?;
            texts(value, sink.texts(column));
            Some(length)
        }
        (ValueType::Flag, _) => None,
    }
}

/// One number that ends with its entry.
fn scalar<T>(rest: &[u8], number: impl Fn(&[u8]) -> Option<(T, usize)>) -> Option<(T, usize)> {
    number(rest).filter(|(_, length)| matches!(rest.get(*length), None | Some(b';')))
}

/// Numbers and `.`, separated by commas, up to the end of the entry; the bytes they took.
pub(super) fn list<T>(
    rest: &[u8],
    elements: &mut impl Elements<T>,
    number: impl Fn(&[u8]) -> Option<(T, usize)>,
) -> Option<usize> {
    let mut at = 0;
    loop {
        let here = rest.get(at..).unwrap_or_default();
        if here.first() == Some(&b'.') && matches!(here.get(1), None | Some(b',' | b';')) {
            elements.push(None);
            at += 1;
        } else if let Some((value, length)) = number(here) {
            elements.push(Some(value));
            at += length;
        } else {
            elements.abandon();
            return None;
        }
        match rest.get(at) {
            None | Some(b';') => {
                elements.finish();
                return Some(at);
            }
            Some(b',') => at += 1,
            Some(_) => {
                elements.abandon();
                return None;
            }
        }
    }
}

/// Texts separated by commas; `.` is a missing one.
fn texts(value: &[u8], elements: &mut impl for<'a> Elements<&'a [u8]>) {
    let mut start = 0;
    for end in memchr::memchr_iter(b',', value).chain([value.len()]) {
        let element = &value[start..end];
        elements.push((element != b".").then_some(element));
        start = end + 1;
    }
    elements.finish();
}
