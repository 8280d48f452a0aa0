//! The place of a row: positions become zero-based, and the end is computed, as the annotation type
//! says.

use super::fields::FieldSplitter;
use super::judge::allele;
use super::lines::Line;
use super::reading::Roles;
use super::value::Value;
use crate::diagnostic::rules::tsv_row as rule;
use crate::diagnostic::{Findings, Rule};
use crate::read::tsv::Encoding;

/// A row whose fields are values already.
pub struct ParsedRow<'a> {
    pub line: Line<'a>,
    pub encoding: Encoding,
    pub fields: &'a FieldSplitter,
    pub findings: &'a mut Findings,
}

impl ParsedRow<'_> {
    /// Adds a finding about a field.
    pub fn report(
        &mut self,
        rule: &'static Rule,
        field: usize,
        message: impl FnOnce(&str) -> String,
    ) {
        let content = || String::from_utf8_lossy(self.fields.content(self.line.text, field));
        let range = self.fields.place(field);
        self.line.report(self.findings, self.encoding, rule, range, || message(&content()));
    }

    /// Converts the positions among the values, and appends the end where the annotation type adds
    /// it.
    pub fn place(&mut self, roles: &Roles, values: &mut Vec<Value>) {
        if let Some(column) = roles.start {
            let position = self.start(roles, column, values);
            if roles.adds_end {
                let end = self.added_end(roles, position, column, values);
                values.push(end);
            } else if let Some(end) = roles.end {
                self.end(position, end, values);
            }
        }
        for column in [roles.reference, roles.alternate].into_iter().flatten() {
            if matches!(values[column], Value::Text) {
                self.alleles(column, roles.reference == Some(column));
            }
        }
    }

    /// The position as the file has it.
    fn start(&mut self, roles: &Roles, column: usize, values: &mut [Value]) -> Option<i64> {
        let Some(position) = integer(values[column]) else {
            self.report(&rule::POSITION_MISSING, column, |_| "the row has no position".to_owned());
            return None;
        };
        if position < i64::from(roles.one_based) {
            let first = i64::from(roles.one_based);
            self.report(&rule::POSITION_BELOW_FIRST, column, |text| {
                format!("the position is {text}, but the first base is {first}")
            });
        }
        if roles.one_based {
            // As in the service, the least value wraps.
            values[column] = match values[column] {
                Value::Int(it) => Value::Int(it.wrapping_sub(1)),
                Value::Long(it) => Value::Long(it.wrapping_sub(1)),
                other => other,
            };
        }
        Some(position)
    }

    fn added_end(
        &mut self,
        roles: &Roles,
        position: Option<i64>,
        column: usize,
        values: &[Value],
    ) -> Value {
        let Some(position) = position else { return Value::Null };
        let length = match roles.reference {
            None => 1,
            Some(reference) if matches!(values[reference], Value::Null) => {
                let message = "REF is empty, so that the row has no end";
                self.report(&rule::POSITION_MISSING, reference, |_| message.to_owned());
                return Value::Null;
            }
            Some(reference) => self.length(reference),
        };
        if let Ok(end) = i32::try_from(position.saturating_add(length).saturating_sub(1)) {
            return Value::Int(end);
        }
        self.report(&rule::END_OUT_OF_RANGE, column, |text| {
            format!("the end of position {text} does not fit an INT")
        });
        Value::Null
    }

    /// How many bases REF stands for. A text that is no allele has no length: the place is that of
    /// the position alone.
    fn length(&mut self, column: usize) -> i64 {
        let text = self.fields.content(self.line.text, column);
        if let Some(length) = allele::length(text) {
            return length;
        }
        let counted = characters(text);
        if counted != 1 {
            self.report(&rule::END_OF_NO_ALLELE, column, |text| {
                format!(
                    "REF is `{text}`, which is no allele, but the service counts {counted} bases"
                )
            });
        }
        1
    }

    fn end(&mut self, start: Option<i64>, column: usize, values: &[Value]) {
        match (start, integer(values[column])) {
            (_, None) => {
                self.report(&rule::POSITION_MISSING, column, |_| "the row has no end".to_owned());
            }
            (Some(start), Some(end)) if end < start => {
                self.report(&rule::END_BEFORE_START, column, |text| {
                    format!("the end {text} lies before the start {start}")
                });
            }
            _ => {}
        }
    }

    fn alleles(&mut self, column: usize, is_reference: bool) {
        let text = self.fields.content(self.line.text, column);
        if !allele::is_usual(text, is_reference) {
            let role = if is_reference { "REF" } else { "ALT" };
            self.report(&rule::UNUSUAL_ALLELE, column, |text| {
                if allele::is_mark(text.as_bytes()) {
                    return format!("{role} is `{text}`, which marks an absent value");
                }
                format!("{role} is `{text}`, which has letters other than A, C, G, T and N")
            });
        }
    }
}

fn integer(value: Value) -> Option<i64> {
    match value {
        Value::Int(it) => Some(i64::from(it)),
        Value::Long(it) => Some(it),
        _ => None,
    }
}

/// Spark counts characters.
fn characters(text: &[u8]) -> i64 {
    let count = text.iter().filter(|it| (**it & 0xc0) != 0x80).count();
    i64::try_from(count).unwrap_or(i64::MAX)
}
