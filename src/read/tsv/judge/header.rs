//! The header, or the first row where there is none: what the service drops there, and what that
//! may hide.

use std::ops::Range;

use crate::diagnostic::rules::tsv_file as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::ColumnType;
use crate::read::tsv::fields::FieldSplitter;
use crate::read::tsv::lines::Line;
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
        let names = self.names(line);
        self.separator(findings, line);
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

    /// The fields as names of a schema would be.
    fn names(&self, line: Line) -> Vec<String> {
        (0..self.fields.count()).map(|it| normal(self.fields.content(line.text, it))).collect()
    }

    /// How many of the names are those of the schema, each in its place.
    fn named(&self, names: &[String]) -> usize {
        let schema = &self.reading.store.schema;
        names.iter().zip(schema).filter(|(name, column)| **name == column.name).count()
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
        let names: Vec<String> =
            (0..fields.count()).map(|it| normal(fields.content(comment, it))).collect();
        let expected = self.reading.types.len();
        let enough = if certain && expected > 1 { 0 } else { expected.div_ceil(2) };
        names.len() == expected && self.named(&names) >= enough
    }

    /// Compares the header with the schema. The service does not.
    fn header(&self, findings: &mut Findings, line: Line, names: &[String]) {
        let reading = self.reading;
        let schema = &reading.store.schema;
        let differs = |index: usize| schema.get(index).is_some_and(|it| it.name != names[index]);
        let mut other: Option<usize> = None;
        let mut others = 0;
        for index in (0..names.len()).filter(|it| differs(*it)) {
            let elsewhere = schema.iter().position(|it| it.name == names[index]);
            match elsewhere {
                Some(place) if names.get(place).is_none_or(|_| differs(place)) => {
                    let message = format!(
                        "the header has `{}` in column {}, but the schema has `{}` there and `{}` \
                         in column {}",
                        names[index],
                        index + 1,
                        schema[index].name,
                        names[index],
                        place + 1,
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
                names[index], schema[index].name
            );
            let range = self.fields.place(index);
            self.report(findings, line, &rule::HEADER_NAMES_DIFFER, range, message);
        }
    }
}

/// A name of a header as the schema would have to spell it.
fn normal(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    text.trim_matches(|it: char| it <= ' ' || it == '#')
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' })
        .collect()
}
