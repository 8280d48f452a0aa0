//! A chunk of lines becomes calls to a sink, and findings.

use super::encoding::Encoding;
use super::fields::FieldSplitter;
use super::gate::{AlteredRow, CandidateRow, Gate, RowReport};
use super::judge::quotes;
use super::lines::{self, Line};
use super::naming::is_same_text;
use super::nulls::NullCells;
use super::place::ParsedRow;
use super::reading::TsvFile;
use super::sink::Sink;
use super::value::{self, Value};
use crate::diagnostic::rules::{file as file_rule, tsv_row as rule};
use crate::diagnostic::{Findings, Keep};
use crate::model::{ColumnType, Result};
use crate::read::chunk::Terminator;
use crate::read::lines::NO_FINAL_NEWLINE;
use crate::read::report::Fates;
use crate::read::{Admission, Parsed};

/// Parses one chunk. Lines are counted from 1 within it.
pub struct RowParser<'h, S, G> {
    file: &'h TsvFile,
    sink: S,
    gate: G,
    altered: AlteredRow,
    findings: Findings,
    fields: FieldSplitter,
    values: Vec<Value>,
    encoding: Encoding,
    terminator: Terminator,
    lines: u64,
    fates: Fates,
}

impl<'h, S: Sink, G: Gate> RowParser<'h, S, G> {
    /// A parser for one chunk of a file, which keeps these findings whole.
    pub fn new(file: &'h TsvFile, keep: Keep, gate: G, sink: S) -> Self {
        let dialect = &file.reading.dialect;
        Self {
            file,
            sink,
            gate,
            altered: AlteredRow::default(),
            findings: keep.into(),
            fields: FieldSplitter::new(dialect),
            values: Vec::with_capacity(file.reading.types.len() + 1),
            encoding: dialect.encoding,
            terminator: lines::terminator(dialect),
            lines: 0,
            fates: Fates::default(),
        }
    }

    /// Parses the lines of the chunk, of which the first has a byte order mark of `mark` bytes.
    pub fn parse(mut self, text: &[u8], mut mark: usize) -> Result<Parsed<(G::Output, S::Output)>> {
        let is_text = match self.encoding {
            Encoding::Utf8 => std::str::from_utf8(text).is_ok(),
            other => other.is_ascii_compatible() && text.is_ascii(),
        };
        let plain = is_text && self.fields.is_plain(text);
        let terminator = self.terminator.clone();
        self.sink.expect_rows(|| most_rows(text, self.file.reading.types.len()));
        let mut at = 0;
        let mut last = 0..0;
        while at < text.len() {
            let (end, next) = lines::line_end(&terminator, text, at);
            last = at..end;
            self.lines += 1;
            let (whole, raw) = (&text[at..next], &text[at..end]);
            if is_text {
                self.line(whole, Line::of_text(raw, mark, self.lines), plain);
            } else {
                self.line_of_any_bytes(whole, raw, mark);
            }
            mark = 0;
            at = next;
        }
        if last.end == text.len() && !last.is_empty() {
            self.no_final_newline(&text[last]);
        }
        let output = (self.gate.finish()?, self.sink.finish()?);
        Ok(self.fates.parsed(output, self.findings, self.lines))
    }

    fn no_final_newline(&mut self, raw: &[u8]) {
        let decoded = lines::decode(self.encoding, raw);
        let line = decoded.line(0, self.lines);
        let (rule, end) = (&file_rule::NO_FINAL_NEWLINE, line.text.len());
        let message = || NO_FINAL_NEWLINE.to_owned();
        line.report(&mut self.findings, self.encoding, rule, end..end, message);
    }

    /// A line of a chunk that has to be decoded line by line.
    fn line_of_any_bytes(&mut self, whole: &[u8], raw: &[u8], mark: usize) {
        let decoded = lines::decode(self.encoding, raw);
        let line = decoded.line(mark, self.lines);
        if let Some(at) = decoded.replaced {
            let byte = line.place(self.encoding, at).column as usize - 1 - mark;
            let name = self.encoding.name();
            let rule = match self.encoding {
                Encoding::Utf8 => &file_rule::INVALID_UTF8,
                _ => &rule::INVALID_IN_ENCODING,
            };
            let range = at..at + '\u{fffd}'.len_utf8();
            line.report(&mut self.findings, self.encoding, rule, range, || {
                format!("byte 0x{:02X} is not {name}", raw.get(byte).copied().unwrap_or_default())
            });
        }
        self.line(whole, line, false);
    }

    fn line(&mut self, whole: &[u8], line: Line, plain: bool) {
        let dialect = &self.file.reading.dialect;
        if line.text.first().is_none_or(|it| *it <= b' ') && line.is_blank() {
            return lines::report_blank(&mut self.findings, self.encoding, line);
        }
        if line.is_comment(dialect) {
            return;
        }
        if dialect.line_sep.is_some() && line.text.last() == Some(&b'\r') {
            let range = line.text.len() - 1..line.text.len();
            let message = || "the last value keeps a carriage return".to_owned();
            line.report(
                &mut self.findings,
                self.encoding,
                &rule::CARRIAGE_RETURN_KEPT,
                range,
                message,
            );
        }
        self.fields.split(line.text, plain);
        if self.fields.saw_quotes() {
            let columns = self.file.reading.types.len();
            let quote = dialect.quote;
            quotes::judge(&mut self.findings, self.encoding, line, &self.fields, columns, quote);
        }
        let fits = self.count_fits(line) && self.convert(line) && self.file.is_readable;
        let fate = if fits { self.admit(line) } else { Admission::Rejected };
        self.fates.add(fate, self.lines, whole);
    }

    fn count_fits(&mut self, line: Line) -> bool {
        let (found, expected) = (self.fields.count(), self.file.reading.types.len());
        if found == expected {
            return true;
        }
        let end = line.text.len();
        let start = if found > expected { self.fields.place(expected).start } else { end };
        line.report(&mut self.findings, self.encoding, &rule::WRONG_ROW_LENGTH, start..end, || {
            let fields = if found == 1 { "field" } else { "fields" };
            let columns = if expected == 1 { "column" } else { "columns" };
            let hint = other_separator(line.text, expected).unwrap_or_default();
            format!("the row has {found} {fields}, but the schema has {expected} {columns}{hint}")
        });
        false
    }

    /// Turns the fields into values; false where one does not fit its column. All that do not are
    /// reported.
    fn convert(&mut self, line: Line) -> bool {
        self.values.clear();
        if let Some(nulls) = &self.file.reading.nulls {
            return self.convert_with(nulls, line);
        }
        let mut fits = true;
        for (column, data_type) in self.file.reading.types.iter().enumerate() {
            let field = self.fields.content(line.text, column);
            let Some(value) = value::convert(*data_type, field) else {
                fits = false;
                self.does_not_fit(line, column, *data_type);
                continue;
            };
            let is_float = matches!(value, Value::Float(_) | Value::Double(_));
            if is_float && value::is_out_of_range(value, field) {
                self.out_of_range(line, column, value);
            }
            self.values.push(value);
        }
        fits
    }

    /// The same in a store that takes some cells for null.
    fn convert_with(&mut self, nulls: &NullCells, line: Line) -> bool {
        let mut fits = true;
        for (column, data_type) in self.file.reading.types.iter().enumerate() {
            let field = self.fields.content(line.text, column);
            let value = value::convert(*data_type, field);
            if nulls.holds(column, field) {
                if nulls.are_told {
                    self.null_by_mark(line, column, *data_type, value.is_some());
                }
                self.values.push(Value::Null);
                continue;
            }
            let Some(value) = value else {
                fits = false;
                self.does_not_fit(line, column, *data_type);
                continue;
            };
            if value::is_out_of_range(value, field) {
                self.out_of_range(line, column, value);
            }
            self.values.push(value);
        }
        fits
    }

    fn null_by_mark(&mut self, line: Line, column: usize, data_type: ColumnType, is_value: bool) {
        let rule = if is_value { &rule::NULL_MARK_IS_VALUE } else { &rule::NULL_MARK_NO_VALUE };
        let name = self.file.reading.store.schema[column].name.as_str();
        self.row(line).report(rule, column, |text| {
            let what = if is_value { "which is a value of type" } else { "which is no" };
            format!("column {name} is `{text}`, {what} {data_type} to the service, and null here")
        });
    }

    fn row<'a>(&'a mut self, line: Line<'a>) -> ParsedRow<'a> {
        ParsedRow {
            line,
            encoding: self.encoding,
            fields: &self.fields,
            findings: &mut self.findings,
        }
    }

    fn does_not_fit(&mut self, line: Line, column: usize, data_type: ColumnType) {
        let rule = match data_type {
            ColumnType::Int | ColumnType::Long | ColumnType::String => &rule::NOT_AN_INTEGER,
            ColumnType::Float | ColumnType::Double => &rule::NOT_A_FLOAT,
            ColumnType::Boolean => &rule::NOT_A_BOOLEAN,
        };
        let name = self.file.reading.store.schema[column].name.as_str();
        let is_header = is_same_text(&self.file.header, line.text);
        self.row(line).report(rule, column, |text| {
            let again = if is_header { ": the header is repeated here" } else { "" };
            format!("column {name} is `{text}`, which is no {}{again}", data_type.as_str())
        });
    }

    fn out_of_range(&mut self, line: Line, column: usize, value: Value) {
        let name = self.file.reading.store.schema[column].name.as_str();
        let becomes = match value {
            Value::Float(0.0) | Value::Double(0.0) => "zero",
            _ => "infinity",
        };
        self.row(line).report(&rule::FLOAT_OUT_OF_RANGE, column, |text| {
            format!("column {name} is {text}, which becomes {becomes}")
        });
    }

    /// Hands a row to the sink, unless the gate holds it back.
    fn admit(&mut self, line: Line) -> Admission {
        let roles = &self.file.reading.roles;
        let mut values = std::mem::take(&mut self.values);
        self.row(line).place(roles, &mut values);
        let candidate = CandidateRow { line, fields: &self.fields, roles, values: &values };
        let row = ParsedRow {
            line,
            encoding: self.encoding,
            fields: &self.fields,
            findings: &mut self.findings,
        };
        let mut report = RowReport { row, roles };
        let mut admission = self.gate.admit(&candidate, &mut report, &mut self.altered);
        if admission == Admission::Altered && self.altered.place(roles, &mut values).is_none() {
            admission = Admission::AsIs;
        }
        if matches!(admission, Admission::AsIs | Admission::Altered) {
            self.emit(line, &values, admission == Admission::Altered);
        }
        self.values = values;
        admission
    }

    fn emit(&mut self, line: Line, values: &[Value], is_altered: bool) {
        let roles = &self.file.reading.roles;
        self.sink.begin_row(line.number, line.text);
        for (column, value) in values.iter().enumerate() {
            match *value {
                Value::Null => self.sink.null(column),
                Value::Int(it) => self.sink.int(column, it),
                Value::Long(it) => self.sink.long(column, it),
                Value::Float(it) => self.sink.float(column, it),
                Value::Double(it) => self.sink.double(column, it),
                Value::Boolean(it) => self.sink.boolean(column, it),
                Value::Text => {
                    let text = match Some(column) {
                        it if is_altered && it == roles.reference => &self.altered.reference[..],
                        it if is_altered && it == roles.alternate => &self.altered.alternates,
                        _ => self.fields.content(line.text, column),
                    };
                    self.sink.text(column, text);
                }
            }
        }
        self.sink.end_row();
    }
}

/// Says so where another common separator would give the right number of fields.
fn other_separator(line: &[u8], expected: usize) -> Option<String> {
    let named = [(b'\t', "tabs"), (b',', "commas"), (b';', "semicolons"), (b'|', "bars")];
    let fits = |sep: u8| expected > 1 && memchr::memchr_iter(sep, line).count() + 1 == expected;
    let (_, name) = named.into_iter().find(|(sep, _)| fits(*sep))?;
    Some(format!("; cut at {name} it would fit"))
}

/// How many rows a text has at most, where newlines end them: each has a separator or a line end
/// for each column.
fn most_rows(text: &[u8], columns: usize) -> usize {
    let lines = memchr::memchr_iter(b'\n', text).count() + 1;
    lines.min(text.len() / columns.max(1) + 1)
}
