//! The first eight columns of a row.

use std::borrow::Cow;
use std::ops::Range;

use super::escape::{Decoded, decode};
use super::sink::Feature;
use crate::diagnostic::Rule;
use crate::diagnostic::printable;
use crate::diagnostic::rules::{gff_attribute, gff_row as rule};
use crate::model::ColumnType;
use crate::read::report::LineReport;
use crate::read::tsv::{Value, convert, is_out_of_range};

/// Columns of a row.
const COLUMNS: usize = 9;
/// Their names, as the specification gives them.
const NAMES: [&str; COLUMNS] =
    ["seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes"];

const SEQID: usize = 0;
const SOURCE: usize = 1;
const KIND: usize = 2;
const START: usize = 3;
const END: usize = 4;
const SCORE: usize = 5;
const STRAND: usize = 6;
const PHASE: usize = 7;

/// Where the columns of a row stand.
pub struct Columns {
    /// Each column within its line.
    pub ranges: [Range<usize>; COLUMNS],
}

/// The numbers of a row.
#[derive(Clone, Copy)]
pub struct Numbers {
    start: Option<i64>,
    end: Option<i64>,
    score: Option<f64>,
    phase: Option<i32>,
}

/// The texts of a row, decoded: seqid, source and type.
pub type Texts<'a> = [Cow<'a, [u8]>; 3];

/// A row's first eight columns.
pub fn feature<'a>(texts: &'a Texts<'_>, numbers: Numbers, line: &'a [u8]) -> Feature<'a> {
    let [seqid, source, kind] = texts;
    let text = |it: &'a Cow<'_, [u8]>| Some(it.as_ref()).filter(|it| !is_absent(it));
    let mut columns = line.split(|it| *it == b'\t');
    let strand = columns.nth(STRAND).unwrap_or_default();
    Feature {
        seqid: text(seqid),
        source: text(source),
        kind: text(kind),
        // In range: the parser looked.
        start: numbers.start.map(|it| it.saturating_sub(1)),
        end: numbers.end,
        score: numbers.score,
        strand: Some(strand).filter(|it| !is_absent(it)),
        phase: numbers.phase,
    }
}

fn is_absent(text: &[u8]) -> bool {
    matches!(text, b"" | b".")
}

impl Columns {
    /// The columns of a row, where there are nine.
    pub fn split(report: &mut LineReport, line: &[u8]) -> Option<Self> {
        let mut ranges: [Range<usize>; COLUMNS] = std::array::from_fn(|_| 0..0);
        let (mut start, mut found) = (0, 0);
        for end in memchr::memchr_iter(b'\t', line).chain([line.len()]) {
            if let Some(range) = ranges.get_mut(found) {
                *range = start..end;
            }
            start = end + 1;
            found += 1;
        }
        if found == COLUMNS {
            return Some(Self { ranges });
        }
        let past = ranges[COLUMNS - 1].end..line.len();
        let shown = if found > COLUMNS { past } else { line.len()..line.len() };
        report.add(&rule::WRONG_COLUMN_COUNT, line, shown, || count_message(line, found));
        None
    }

    fn of<'a>(&self, line: &'a [u8], column: usize) -> &'a [u8] {
        &line[self.ranges[column].clone()]
    }

    /// The numbers; none where one of them is no number, so that the row cannot be stored.
    pub fn numbers(&self, report: &mut LineReport, line: &[u8]) -> Option<Numbers> {
        let mut of = |column, rule, kind| self.number(report, line, column, rule, kind);
        let start = of(START, &rule::POSITION_NOT_AN_INTEGER, ColumnType::Long);
        let end = of(END, &rule::POSITION_NOT_AN_INTEGER, ColumnType::Long);
        let score = of(SCORE, &rule::SCORE_NOT_A_NUMBER, ColumnType::Double);
        let phase = of(PHASE, &rule::PHASE_NOT_AN_INTEGER, ColumnType::Int);
        let long = |value| if let Value::Long(it) = value { Some(it) } else { None };
        let numbers = Numbers {
            start: long(start?),
            end: long(end?),
            score: if let Value::Double(it) = score? { Some(it) } else { None },
            phase: if let Value::Int(it) = phase? { Some(it) } else { None },
        };
        if is_out_of_range(score?, self.of(line, SCORE)) {
            self.add(report, &rule::SCORE_OUT_OF_RANGE, line, SCORE, |score| {
                let becomes = if numbers.score == Some(0.0) { "zero" } else { "infinity" };
                format!("score {score} becomes {becomes}")
            });
        }
        Some(numbers)
    }

    /// A number as the service reads it; `.` and nothing at all are null.
    fn number(
        &self,
        report: &mut LineReport,
        line: &[u8],
        column: usize,
        rule: &'static Rule,
        kind: ColumnType,
    ) -> Option<Value> {
        let field = self.of(line, column);
        let value = if field == b"." { Some(Value::Null) } else { convert(kind, field) };
        // One less than the least start would be no number.
        let value = value.filter(|it| *it != Value::Long(i64::MIN));
        if value.is_none() {
            let kind = if kind == ColumnType::Double { "number" } else { "integer" };
            self.add(report, rule, line, column, |it| {
                format!("{} is `{it}`, which is no {kind}", NAMES[column])
            });
        }
        value
    }

    /// Seqid, source and type, decoded.
    pub fn texts<'a>(&self, report: &mut LineReport, line: &'a [u8]) -> Texts<'a> {
        [SEQID, SOURCE, KIND].map(|column| decoded(report, line, self.ranges[column].clone()))
    }

    /// Reports what is against the specification in columns that can be stored.
    pub fn judge(&self, report: &mut LineReport, line: &[u8], feature: &Feature<'_>) {
        self.judge_texts(report, line, feature);
        self.judge_positions(report, line, feature);
        let strand = self.of(line, STRAND);
        if !matches!(strand, b"+" | b"-" | b"." | b"?" | b"") {
            self.add(report, &rule::INVALID_STRAND, line, STRAND, |it| {
                format!("strand is `{it}`, not one of +, -, ? and .")
            });
        }
        if feature.phase.is_some_and(|it| !(0..=2).contains(&it)) {
            self.add(report, &rule::INVALID_PHASE, line, PHASE, |it| {
                format!("phase is {it}, not one of 0, 1, 2 and .")
            });
        }
        let is_cds = matches!(feature.kind, Some(b"CDS" | b"SO:0000316"));
        if is_cds && feature.phase.is_none() {
            self.add(report, &rule::CDS_WITHOUT_PHASE, line, PHASE, |_| {
                "a CDS has no phase".to_owned()
            });
        }
    }

    fn judge_texts(&self, report: &mut LineReport, line: &[u8], feature: &Feature<'_>) {
        for column in (SEQID..=PHASE).filter(|it| self.ranges[*it].is_empty()) {
            let is_name = matches!(column, SEQID | SOURCE | KIND);
            let rule = if is_name { &rule::EMPTY_NAME } else { &rule::EMPTY_COLUMN };
            self.add(report, rule, line, column, |_| {
                format!("{} is empty, where a `.` belongs", NAMES[column])
            });
        }
        for column in [SEQID, SOURCE, KIND, STRAND] {
            if self.of(line, column).first() == Some(&b'"') {
                self.add(report, &rule::QUOTED_COLUMN, line, column, |_| {
                    format!("{} begins with a quote", NAMES[column])
                });
            }
        }
        if self.of(line, self.ranges.len() - 1).first() == Some(&b'"') {
            self.add(report, &rule::QUOTED_COLUMN, line, self.ranges.len() - 1, |_| {
                "attributes begin with a quote".to_owned()
            });
        }
        for (column, value) in [(SEQID, feature.seqid), (KIND, feature.kind)] {
            if value.is_none() && !self.ranges[column].is_empty() {
                self.add(report, &rule::MISSING_COLUMN, line, column, |_| {
                    format!("{} is missing", NAMES[column])
                });
            }
        }
        let seqid = self.of(line, SEQID);
        if !is_sound_md5(seqid) {
            self.add(report, &rule::MALFORMED_MD5_SEQID, line, SEQID, |it| {
                format!("seqid `{it}` is no MD5 id")
            });
        }
        if let Some(at) = seqid.iter().position(|it| !may_stand_in_seqid(*it)) {
            let at = self.ranges[SEQID].start + at;
            report.add(&rule::UNESCAPED_SEQID, line, at..at + 1, || {
                format!("seqid has `{}`, which is to be escaped", printable(&line[at..=at], 4))
            });
        }
    }

    fn judge_positions(&self, report: &mut LineReport, line: &[u8], feature: &Feature<'_>) {
        for (column, value) in [(START, feature.start), (END, feature.end)] {
            if value.is_none() && !self.ranges[column].is_empty() {
                self.add(report, &rule::MISSING_POSITION, line, column, |_| {
                    format!("{} is missing", NAMES[column])
                });
            }
        }
        if feature.start.is_some_and(|it| it < 0) {
            self.add(report, &rule::START_BELOW_ONE, line, START, |it| {
                format!("start is {it}, but positions count from one")
            });
        }
        if let (Some(start), Some(end)) = (feature.start, feature.end)
            && start >= end
        {
            self.add(report, &rule::END_BEFORE_START, line, END, |it| {
                format!("end {it} lies before start {}", start + 1)
            });
        }
    }

    fn add(
        &self,
        report: &mut LineReport,
        rule: &'static Rule,
        line: &[u8],
        column: usize,
        message: impl FnOnce(&str) -> String,
    ) {
        let field = self.of(line, column);
        report.add(rule, line, self.ranges[column].clone(), || message(&printable(field, 40)));
    }
}

/// A part of a line, decoded.
pub fn decoded<'a>(report: &mut LineReport, line: &'a [u8], range: Range<usize>) -> Cow<'a, [u8]> {
    let text = &line[range.clone()];
    match decode(text) {
        Decoded::Sound(text) => text,
        Decoded::BadEscape(at, text) => {
            let at = range.start + at;
            let shown = at..(at + 3).min(range.end);
            report.add(&gff_attribute::BAD_ESCAPE, line, shown, || {
                "`%` is not followed by two hexadecimal digits".to_owned()
            });
            text
        }
        Decoded::NotUtf8 => {
            report.add(&gff_attribute::ESCAPE_NOT_UTF8, line, range, || {
                "the escapes do not stand for UTF-8".to_owned()
            });
            Cow::Borrowed(text)
        }
    }
}

/// Whether an id that begins as the MD5 ids of `GenomeTools` do is one: `md5:`, 32 digits, and perhaps `:` and the seqid.
pub fn is_sound_md5(id: &[u8]) -> bool {
    let Some(rest) = id.strip_prefix(b"md5:") else { return true };
    let Some((sum, seqid)) = rest.split_at_checked(32) else { return false };
    let rest_fits = seqid.is_empty() || seqid.first() == Some(&b':') && seqid.len() > 1;
    sum.iter().all(u8::is_ascii_hexdigit) && rest_fits
}

/// Characters that a seqid has as they are; bytes of other scripts are let pass, since they cannot be mistaken.
fn may_stand_in_seqid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b".:^*$@!+_?-|%".contains(&byte)
}

fn count_message(line: &[u8], found: usize) -> String {
    let columns = if found == 1 { "column" } else { "columns" };
    let words = line.split(u8::is_ascii_whitespace).filter(|it| !it.is_empty()).count();
    let hint = if found == 1 && words >= COLUMNS - 1 {
        "; blanks do not separate columns, tabs do"
    } else if found == COLUMNS - 1 {
        "; where there are no attributes, a `.` belongs"
    } else {
        ""
    };
    format!("the row has {found} {columns}, not {COLUMNS}{hint}")
}
