//! The first eight columns of a row.

use std::borrow::Cow;
use std::ops::Range;

use super::escape::{Decoded, decode};
use super::feature::Feature;
use super::quoted::QuotedColumns;
use crate::diagnostic::Rule;
use crate::diagnostic::printable;
use crate::diagnostic::rules::{gff_attribute, gff_row as rule};
use crate::model::ColumnType;
use crate::read::report::LineReport;
use crate::read::tsv::{Value, convert, is_out_of_range};

/// Columns of a row.
const COLUMNS: usize = 9;
/// Their names, as the specification gives them.
pub const NAMES: [&str; COLUMNS] =
    ["seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes"];

/// The landmark.
pub const SEQID: usize = 0;
/// What made the feature.
pub const SOURCE: usize = 1;
/// The type.
pub const KIND: usize = 2;
/// The first base.
pub const START: usize = 3;
/// The last base.
pub const END: usize = 4;
/// The score.
pub const SCORE: usize = 5;
/// The strand.
pub const STRAND: usize = 6;
/// The phase.
pub const PHASE: usize = 7;

/// Where the columns of a row stand.
pub struct Columns {
    /// Each column within its line.
    pub ranges: [Range<usize>; COLUMNS],
}

/// The numbers of a row.
#[derive(Clone, Copy)]
pub struct RowNumbers {
    start: Option<i64>,
    end: Option<i64>,
    score: Option<f64>,
    phase: Option<i32>,
}

/// The texts of a row, decoded: seqid, source and type.
pub type RowTexts<'a> = [Cow<'a, [u8]>; 3];

/// A row's first eight columns.
pub fn feature<'a>(texts: &'a RowTexts<'_>, numbers: RowNumbers, strand: &'a [u8]) -> Feature<'a> {
    let [seqid, source, kind] = texts;
    let text = |it: &'a Cow<'_, [u8]>| Some(it.as_ref()).filter(|it| !is_absent(it));
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
    pub fn split(report: &mut LineReport, line: &[u8], quotes: &mut QuotedColumns) -> Option<Self> {
        let mut ranges: [Range<usize>; COLUMNS] = std::array::from_fn(|_| 0..0);
        let (mut start, mut found) = (0, 0);
        let mut has_quotes = false;
        for end in memchr::memchr_iter(b'\t', line).chain([line.len()]) {
            if let Some(range) = ranges.get_mut(found) {
                *range = start..end;
            }
            has_quotes |= line.get(start) == Some(&b'"');
            start = end + 1;
            found += 1;
        }
        if has_quotes && let Some(ranges) = quotes.split(report, line, found == COLUMNS) {
            return Some(Self { ranges });
        }
        if found == COLUMNS {
            return Some(Self { ranges });
        }
        let past = ranges[COLUMNS - 1].end..line.len();
        let shown = if found > COLUMNS { past } else { line.len()..line.len() };
        report.add(&rule::WRONG_COLUMN_COUNT, line, shown, || count_message(line, found));
        None
    }

    /// What stands in a column.
    pub fn of<'a>(&self, line: &'a [u8], column: usize) -> &'a [u8] {
        &line[self.ranges[column].clone()]
    }

    /// The numbers; none where one of them is no number, so that the row cannot be stored.
    pub fn numbers(&self, report: &mut LineReport, line: &[u8]) -> Option<RowNumbers> {
        let mut of = |column, rule, kind| self.number(report, line, column, rule, kind);
        let start = of(START, &rule::FEATURE_POSITION_NOT_AN_INTEGER, ColumnType::Long);
        let end = of(END, &rule::FEATURE_POSITION_NOT_AN_INTEGER, ColumnType::Long);
        let score = of(SCORE, &rule::SCORE_NOT_A_NUMBER, ColumnType::Double);
        let phase = of(PHASE, &rule::PHASE_NOT_AN_INTEGER, ColumnType::Int);
        let long = |value| if let Value::Long(it) = value { Some(it) } else { None };
        let numbers = RowNumbers {
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
    pub fn texts<'a>(&self, report: &mut LineReport, line: &'a [u8]) -> RowTexts<'a> {
        [SEQID, SOURCE, KIND].map(|column| decoded(report, line, self.ranges[column].clone()))
    }

    /// Adds a finding about a column.
    pub fn add(
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
    decoded_but(b"", report, line, range)
}

/// A part of a line, decoded but for the escapes of the characters in `keep`.
pub fn decoded_but<'a>(
    keep: &[u8],
    report: &mut LineReport,
    line: &'a [u8],
    range: Range<usize>,
) -> Cow<'a, [u8]> {
    let text = &line[range.clone()];
    match decode(text, keep) {
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

fn count_message(line: &[u8], found: usize) -> String {
    let columns = if found == 1 { "column" } else { "columns" };
    let words = line.split(u8::is_ascii_whitespace).filter(|it| !it.is_empty()).count();
    let hint = if memchr::memchr(b'\r', line).is_some() {
        "; the line has line ends of CR alone, where the service ends it, but others do not"
    } else if found == 1 && words >= COLUMNS - 1 {
        "; blanks do not separate columns, tabs do"
    } else if found == COLUMNS - 1 {
        "; where there are no attributes, a `.` belongs"
    } else if found > COLUMNS && line.ends_with(b"\t") {
        "; the line ends in a tab: take it off"
    } else {
        ""
    };
    format!("the row has {found} {columns}, not {COLUMNS}{hint}")
}
