//! The header, or the first row where there is none: what the service drops there, and what that
//! may hide.

use std::ops::Range;

use crate::diagnostic::rules::tsv_file as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::ColumnType;
use crate::read::tsv::fields::FieldSplitter;
use crate::read::tsv::lines::Line;
use crate::read::tsv::naming::legal_names;
use crate::read::tsv::reading::TsvReading;
use crate::read::tsv::value;

/// Judges the first lines of a file.
pub struct HeaderJudge<'a> {
    reading: &'a TsvReading,
    fields: FieldSplitter,
    /// The last comment, which may have the names of the columns.
    comment: Option<Comment>,
}

struct Comment {
    text: Vec<u8>,
    number: u64,
}

/// What begins comments in files of annotations.
const SIGNS: [u8; 3] = [b'#', b'!', b'%'];

/// The fields of a line as names of a schema: of a line of many, those that the schema could have.
struct Names {
    count: usize,
    /// The fields in lower case, with an underscore for each character that a name may not have.
    plain: Vec<String>,
    /// The names that `annostore infer` makes of them.
    legal: Vec<String>,
}

impl Names {
    fn of(fields: &FieldSplitter, line: &[u8], reading: &TsvReading) -> Self {
        let count = fields.count();
        let texts: Vec<String> = (0..count.min(reading.store.schema.len() + 1))
            .map(|it| String::from_utf8_lossy(fields.content(line, it)).into_owned())
            .collect();
        let legal = legal_names(&texts, reading.roles.adds_end);
        Self { count, plain: texts.iter().map(|it| normal(it)).collect(), legal }
    }

    fn len(&self) -> usize {
        self.count
    }

    /// Whether a field has this name in the schema.
    fn is(&self, field: usize, column: &str) -> bool {
        self.plain[field] == column || self.legal[field] == column
    }
}

impl<'a> HeaderJudge<'a> {
    /// A judge for a file that is read in this way.
    pub fn new(reading: &'a TsvReading) -> Self {
        Self { reading, fields: FieldSplitter::new(&reading.dialect), comment: None }
    }

    /// Keeps a comment for a later look.
    pub fn remember(&mut self, comment: Line) {
        self.comment = Some(Comment { text: comment.text.to_vec(), number: comment.number });
    }

    fn report(
        &self,
        findings: &mut Findings,
        line: Line,
        rule: &'static Rule,
        range: Range<usize>,
        message: String,
    ) {
        line.report(findings, self.reading.dialect.encoding, rule, range, || message);
    }

    /// Looks at the header, or at the first row where there is none.
    pub fn judge(&mut self, findings: &mut Findings, line: Line) {
        self.fields.split(line.text, false);
        let names = self.names(&self.fields, line.text);
        self.separator(findings, line);
        if self.is_undeclared_comment(findings, line) {
            return;
        }
        if self.reading.dialect.header {
            let is_row = self.named(&names) == 0 && self.is_row(line);
            if !(is_row && self.is_lost_row(findings, line)) {
                self.header(findings, line, &names);
            }
        } else if 2 * self.named(&names) >= names.len().max(1) {
            let range = 0..line.text.len();
            let message = "the line has the names of the columns, but is read as a row";
            self.report(findings, line, &rule::HEADER_READ_AS_ROW, range, message.to_owned());
        }
    }

    fn names(&self, fields: &FieldSplitter, line: &[u8]) -> Names {
        Names::of(fields, line, self.reading)
    }

    /// How many of the names are those of the schema, each in its place.
    fn named(&self, names: &Names) -> usize {
        let schema = &self.reading.store.schema;
        (0..names.len().min(schema.len())).filter(|it| names.is(*it, &schema[*it].name)).count()
    }

    /// Whether the line would do as a row.
    fn is_row(&self, line: Line) -> bool {
        let types = &self.reading.types;
        self.fields.count() == types.len()
            && types.iter().enumerate().all(|(column, data_type)| {
                value::convert(*data_type, self.fields.content(line.text, column)).is_some()
            })
    }

    fn separator(&self, findings: &mut Findings, line: Line) {
        let given = &self.reading.dialect.given;
        let expected = self.reading.types.len();
        if !given.any || given.sep || self.fields.count() == expected {
            return;
        }
        if memchr::memchr_iter(b'\t', line.text).count() + 1 != expected {
            return;
        }
        let at = memchr::memchr(b'\t', line.text).unwrap_or_default();
        let message = "the file is separated by tabs, but read options without sep mean a comma";
        self.report(findings, line, &rule::SEPARATOR_NOT_RESTATED, at..at + 1, message.to_owned());
    }

    /// Says so where the line is a comment, but nothing says what begins comments.
    fn is_undeclared_comment(&self, findings: &mut Findings, line: Line) -> bool {
        let is_odd = self.fields.count() != self.reading.types.len();
        let sign = line.text.first().filter(|it| is_odd && SIGNS.contains(it));
        let Some(sign) = sign.filter(|_| self.reading.dialect.comment.is_none()) else {
            return false;
        };
        let sign = char::from(*sign);
        let what = if self.reading.dialect.header { "the header" } else { "a row" };
        let message = format!(
            "the line looks like a comment, but without readOptions.comment `{sign}` it is {what}"
        );
        self.report(findings, line, &rule::COMMENT_NOT_DECLARED, 0..line.text.len(), message);
        true
    }

    /// Whether a line that is dropped as the header, and would do as a row, is one.
    fn is_lost_row(&mut self, findings: &mut Findings, line: Line) -> bool {
        let types = self.reading.types.iter().enumerate();
        // Text may be anything, but a number is no name.
        let has_number = types
            .filter(|(_, data_type)| **data_type != ColumnType::String)
            .any(|(column, _)| !self.fields.content(line.text, column).is_empty());
        let comment = self.comment.take().filter(|it| self.has_names(&it.text, has_number));
        if let Some(comment) = comment {
            let shown = Line::of_text(&comment.text, 0, comment.number);
            let message = format!(
                "the names are in a comment, so that line {}, a row, is dropped as the header",
                line.number
            );
            self.report(
                findings,
                shown,
                &rule::HEADER_READ_AS_COMMENT,
                0..comment.text.len(),
                message,
            );
            return true;
        }
        if has_number {
            let message = "the line looks like a row, but is dropped as the header".to_owned();
            let range = 0..line.text.len();
            self.report(findings, line, &rule::FIRST_ROW_READ_AS_HEADER, range, message);
        }
        has_number
    }

    /// Whether a comment has the names of the columns: as many as there are and, unless it is
    /// certain that the line behind it is a row, those of the schema.
    fn has_names(&self, comment: &[u8], certain: bool) -> bool {
        let mut fields = FieldSplitter::new(&self.reading.dialect);
        fields.split(comment, false);
        let names = self.names(&fields, comment);
        let expected = self.reading.types.len();
        let enough = if certain && expected > 1 { 0 } else { expected.div_ceil(2) };
        names.len() == expected && self.named(&names) >= enough
    }

    /// Compares the header with the schema. The service does not.
    fn header(&self, findings: &mut Findings, line: Line, names: &Names) {
        let schema = &self.reading.store.schema;
        if self.has_row_names(names) {
            return;
        }
        let differs = |index: usize| {
            index < names.len() && schema.get(index).is_some_and(|it| !names.is(index, &it.name))
        };
        let mut other: Option<usize> = None;
        let mut others = 0;
        for index in (0..names.len().min(schema.len())).filter(|it| differs(*it)) {
            let elsewhere = schema.iter().position(|it| names.is(index, &it.name));
            match elsewhere {
                Some(place) if place >= names.len() || differs(place) => {
                    let message = format!(
                        "the header has `{name}` in column {}, but the schema has `{}` there and \
                         `{name}` in column {}",
                        index + 1,
                        schema[index].name,
                        place + 1,
                        name = schema[place].name,
                    );
                    let range = self.fields.place(index);
                    self.report(findings, line, &rule::COLUMNS_OUT_OF_ORDER, range, message);
                }
                _ => {
                    other.get_or_insert(index);
                    others += 1;
                }
            }
        }
        if let Some(index) = other {
            let more =
                if others > 1 { format!(", and {} more", others - 1) } else { String::new() };
            let message = format!(
                "the header has `{}` where the schema has `{}`{more}",
                names.plain[index], schema[index].name
            );
            let range = self.fields.place(index);
            self.report(findings, line, &rule::HEADER_NAMES_DIFFER, range, message);
        }
    }

    /// Whether the header leaves out the name of the first column, as R does where rows have names:
    /// the others have theirs in the schema.
    fn has_row_names(&self, names: &Names) -> bool {
        let schema = &self.reading.store.schema;
        names.len() + 1 == schema.len()
            && (0..names.len()).all(|it| names.is(it, &schema[it + 1].name))
    }
}

/// A name of a header as the schema would have to spell it.
fn normal(name: &str) -> String {
    name.trim_matches(|it: char| it <= ' ' || it == '#')
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' })
        .collect()
}
