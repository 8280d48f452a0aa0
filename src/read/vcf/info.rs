//! INFO: each entry goes to its column, or, where it has none or does not fit it, to the others as
//! text.

use std::ops::Range;

use super::annotation::AnnotationValues;
use super::by_column::ByColumn;
use super::file::VcfFile;
use super::judge::counts::{self, Alternates};
use super::judge::info::{self as judge, Entry};
use super::others::Others;
use super::percent;
use super::plan::Plan;
use super::sink::Sink;
use super::values::{decoded_texts, list, scalar, texts};
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::ValueType;
use crate::read::number;
use crate::read::report::LineReport;

/// Reads the INFO fields of one chunk.
pub struct InfoReader<'h> {
    file: &'h VcfFile,
    /// What the entries of each column ask of it.
    plans: ByColumn<Plan<'h>>,
    /// Two plans that came first, and behind them, for each plan, two that followed it. Records
    /// repeat the order of their keys, and leave a few out, so these guesses save nearly every
    /// look-up.
    successors: Vec<[usize; 2]>,
    record: u64,
    minor: u32,
    /// Whether the record has keys that speak of structural variants.
    structural: bool,
    /// Whether the record has percent codes.
    has_codes: bool,
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
    /// A reader for the INFO of a file's records.
    pub fn new(file: &'h VcfFile) -> Self {
        Self {
            file,
            plans: ByColumn::new(file.header.info.len()),
            successors: vec![[0; 2]],
            record: 0,
            minor: file.header.minor(),
            structural: false,
            has_codes: false,
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
        let mut previous = None;
        let mut at = range.start;
        while at < range.end {
            let rest = &line[at..range.end];
            let (plan, key_length) = self.plan(rest, previous);
            previous = plan.or(previous);
            let is_new = plan.is_none_or(|it| self.claim(it));
            let usual = plan.filter(|_| is_new && rest.get(key_length) == Some(&b'='));
            let taken = usual.and_then(|it| self.take(sink, it, &rest[key_length + 1..]));
            if let (Some((length, count)), Some(plan)) = (taken, usual) {
                let key = at..at + key_length;
                let value = key.end + 1..key.end + 1 + length;
                at = value.end + 1;
                if !self.plans.met[plan].is_done(length, count, alternates.count) {
                    if self.plans.met[plan].is_text {
                        self.keep_text(line, key, value.clone(), plan);
                    }
                    self.look(report, line, value.clone(), plan, count, alternates);
                    self.keep(&mut found, line, value, plan);
                }
            } else {
                let entry = entry(line, at, key_length, range.end);
                at = entry.whole().end + 1;
                match plan {
                    Some(plan) if !is_new => {
                        if self.take_back(sink, report, &entry, plan, &mut found) {
                            // It is read again, as the only one of its key.
                            self.plans.met[plan].last_record = 0;
                            at = entry.key.start;
                        }
                    }
                    Some(plan) if entry.value.is_some() => {
                        self.misfit(sink, report, &entry, plan, &mut found);
                    }
                    _ => self.unusual(sink, report, &entry, plan, alternates, &mut found),
                }
            }
        }
        if let Some((key, value)) = found.invalid_end.take() {
            judge::invalid_end(report, &Entry { line, key, value });
        }
        if !self.others.is_empty() {
            let plans = &self.plans.met;
            let place_of = |plan: usize| plans[plan].other;
            self.others.put(sink, report, (line, self.has_codes), place_of);
        }
        found
    }

    /// The plan of the key that begins here, and the key's length.
    #[inline]
    fn plan(&mut self, rest: &[u8], previous: Option<usize>) -> (Option<usize>, usize) {
        let follows = previous.map_or(0, |it| it + 1);
        for guess in self.successors[follows] {
            if let Some(Plan { key, .. }) = self.plans.met.get(guess)
                && key.begins(rest)
                && matches!(rest.get(key.len()), None | Some(b'=' | b';'))
            {
                return (Some(guess), key.len());
            }
        }
        self.look_up(rest, follows)
    }

    /// The plan of a key that was not guessed, and the key's length; the next guess is right.
    #[cold]
    fn look_up(&mut self, rest: &[u8], follows: usize) -> (Option<usize>, usize) {
        let length = rest.iter().position(|it| matches!(it, b'=' | b';')).unwrap_or(rest.len());
        let column = self.file.header.info_place(&rest[..length]);
        let place = |column| self.plans.place(column, || Plan::new(self.file, column));
        let plan = column.and_then(place);
        if let Some(plan) = plan {
            self.successors[follows] = [plan, self.successors[follows][0]];
            // Of a new one, guess that what follows is new as well.
            let known = self.successors.len();
            self.successors.extend((known..=self.plans.met.len()).map(|it| [it; 2]));
        }
        (plan, length)
    }

    /// Gives a column to the entry under way; false where the record has had it before.
    #[inline]
    fn claim(&mut self, plan: usize) -> bool {
        std::mem::replace(&mut self.plans.met[plan].last_record, self.record) != self.record
    }

    /// Checks a value that went into its column, where there is more to check than its type.
    fn look(
        &mut self,
        report: &mut LineReport,
        line: &[u8],
        value: Range<usize>,
        plan: usize,
        count: usize,
        alternates: Alternates,
    ) {
        let plan = &self.plans.met[plan];
        let key = plan.name(self.file);
        if plan.may_be_wide(value.len()) {
            judge::wide(report, line, value.clone(), key);
        }
        self.structural |= plan.values.is_structural;
        plan.values.check(report, line, value, key, count, alternates);
    }

    /// Keeps the text of an entry whose column the sink does not have.
    #[cold]
    fn keep_text(&mut self, line: &[u8], key: Range<usize>, value: Range<usize>, plan: usize) {
        let entry = Entry { line, key, value: Some(value) };
        self.plans.met[plan].other = self.others.add(&entry, Some(plan));
    }

    /// Keeps what the rest of the record needs.
    fn keep(&self, found: &mut Found, line: &[u8], value: Range<usize>, plan: usize) {
        let Plan { is_end, annotation, .. } = self.plans.met[plan];
        if is_end {
            let start = value.start - 1 - "END".len();
            found.end(&Entry { line, key: start..value.start - 1, value: Some(value) });
        } else if let Some(source) = annotation {
            found.annotations[source] = Some(value);
        }
    }

    /// Puts the value that begins here into its column; the bytes it took and how many values
    /// there are, or none (and nothing put) where it does not fit.
    #[inline]
    fn take<S: Sink>(&self, sink: &mut S, plan: usize, rest: &[u8]) -> Option<(usize, usize)> {
        let plan = &self.plans.met[plan];
        let column = plan.column;
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

    fn is_flag(&self, plan: usize) -> bool {
        self.plans.met[plan].kind == ValueType::Flag
    }

    /// Takes back what the record has of a key that comes again: the last value holds, as in the
    /// service's map. False where what it has stays: `=0` says nothing of a flag.
    #[cold]
    fn take_back<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        entry: &Entry<'_>,
        plan: usize,
        found: &mut Found,
    ) -> bool {
        let is_flag = self.is_flag(plan);
        let holds = !is_flag || entry.value() != b"0";
        judge::repeated(report, entry, holds);
        if !holds {
            return false;
        }
        let Plan { column, other, is_end, annotation, .. } = self.plans.met[plan];
        let text = self.others.text(entry.line, other, plan);
        if text.is_none_or(|it| is_flag && it != b"0") {
            sink.forget(column);
        }
        self.plans.met[plan].other = usize::MAX;
        if is_end {
            (found.end, found.invalid_end) = (None, None);
        }
        if let Some(source) = annotation {
            found.annotations[source] = None;
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
        plan: usize,
        found: &mut Found,
    ) {
        let Plan { column, kind, is_list, is_end, .. } = self.plans.met[plan];
        if kind == ValueType::Flag && entry.value() != b"0" {
            sink.flag(column);
        }
        self.plans.met[plan].other = self.others.add(entry, Some(plan));
        if is_end {
            found.end(entry);
        }
        if found.invalid_end.is_none() || !is_end {
            judge::misfit(report, entry, kind, is_list);
        }
    }

    /// An entry that has no column, or whose key stands bare.
    fn unusual<S: Sink>(
        &mut self,
        sink: &mut S,
        report: &mut LineReport,
        entry: &Entry<'_>,
        plan: Option<usize>,
        alternates: Alternates,
        found: &mut Found,
    ) {
        if plan.is_none() {
            if entry.key() == b"END" {
                found.end = entry.value.clone().and_then(|it| end_value(entry.line, it));
            }
            self.structural |= judge::is_structural(entry.key());
            judge::undeclared(report, entry, alternates, self.minor);
        }
        let range = if entry.key.is_empty() { entry.whole() } else { entry.key.clone() };
        match plan {
            _ if entry.key.is_empty() => {
                let message = || "INFO has an entry without a key".to_owned();
                report.add(&rule::EMPTY_FIELD, entry.line, range, message);
            }
            None => report.add(&rule::UNDECLARED_INFO_KEY, entry.line, range, || {
                format!("INFO {} is not defined in the header", entry.name())
            }),
            Some(it) if self.plans.met[it].is_end => found.end(entry),
            Some(it) => judge::bare(report, entry, self.is_flag(it)),
        }
        if let Some(plan) = plan.filter(|it| self.is_flag(*it)) {
            if self.plans.met[plan].is_text {
                let end = entry.key.end;
                self.keep_text(entry.line, entry.key.clone(), end..end, plan);
            }
            return sink.flag(self.plans.met[plan].column);
        }
        if !entry.key.is_empty() || entry.value.is_some() {
            let place = self.others.add(entry, plan);
            if let Some(plan) = plan {
                self.plans.met[plan].other = place;
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
