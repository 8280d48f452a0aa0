//! The schema, the roles and the options, judged before a line is read.

use std::collections::HashSet;

use crate::diagnostic::rules::tsv_file as rule;
use crate::diagnostic::{Findings, Outcome, Rule};
use crate::model::{Location, RoleFault, TsvStoreOptions};
use crate::read::tsv::reading::TsvReading;

/// Adds what is wrong; false where no row can be stored.
pub fn judge(reading: &TsvReading, findings: &mut Findings) -> bool {
    let before = findings.count_where(|it| it.outcome == Outcome::Rejected);
    let mut add = |rule: &'static Rule, value: &str, message: String| {
        findings.add_at(rule, Location::FILE, value, message);
    };
    names(reading, &mut add);
    roles(&reading.store, &mut add);
    for member in &reading.dialect.given.writer_only {
        let message = format!("readOptions.{member} says how to write, and changes nothing here");
        add(&rule::OPTION_FOR_WRITING_ONLY, member, message);
    }
    if let Some(sep) = reading.dialect.line_sep.as_ref().filter(|it| it.encode_utf16().count() > 1)
    {
        let message = format!(
            "readOptions.lineSep `{}` has two characters, and the service takes one",
            sep.escape_debug()
        );
        add(&rule::LINE_SEPARATOR_OF_TWO_CHARACTERS, sep, message);
    }
    findings.count_where(|it| it.outcome == Outcome::Rejected) == before
}

fn names(reading: &TsvReading, add: &mut impl FnMut(&'static Rule, &str, String)) {
    let schema = &reading.store.schema;
    let mut seen = HashSet::new();
    for (index, column) in schema.iter().enumerate() {
        let (name, place) = (column.name.as_str(), index + 1);
        if reads_as_number(name) {
            let message =
                format!("column {place} of the schema is named `{name}`, which reads as a number");
            add(&rule::SCHEMA_NAME_BREAKS_IMPORT, name, message);
        }
        if !seen.insert(name.to_ascii_lowercase()) {
            let message = format!("column {place} of the schema is a second `{name}`");
            add(&rule::DUPLICATE_SCHEMA_NAME, name, message);
        }
        if reading.store.makes_column(name) {
            let message = format!(
                "column {place} of the schema is named `{name}`, which the store makes itself"
            );
            add(&rule::RESERVED_COLUMN_NAME, name, message);
        }
    }
}

/// Whether Spark's DDL parser takes the name for a number: digits alone, or digits with an
/// exponent or the letters of a type.
pub fn reads_as_number(name: &str) -> bool {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return false;
    }
    let rest = &name[digits..];
    let suffix = match rest.strip_prefix('e') {
        Some(exponent) => {
            let length = exponent.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                return false;
            }
            &exponent[length..]
        }
        None => rest,
    };
    matches!(suffix, "" | "d" | "f" | "bd")
        || suffix.len() == rest.len() && matches!(suffix, "l" | "s" | "y")
}

fn roles(store: &TsvStoreOptions, add: &mut impl FnMut(&'static Rule, &str, String)) {
    let kind = store.annotation_type;
    for key in store.annotation_type.required_keys() {
        let Err(fault) = store.role(*key) else { continue };
        let (rule, value, message) = match fault {
            RoleFault::NotGiven => {
                let message = format!("{kind} needs formatToHeader.{key}, which is missing");
                (&rule::ROLE_WITHOUT_COLUMN, key.as_str(), message)
            }
            RoleFault::NoColumn(name) => {
                let message =
                    format!("formatToHeader.{key} is `{name}`, which is no column of the schema");
                (&rule::ROLE_WITHOUT_COLUMN, name, message)
            }
            RoleFault::NotWhole(column) => {
                let (name, data_type) = (column.name.as_str(), column.data_type);
                let message = format!(
                    "formatToHeader.{key} is column `{name}` of type {data_type}, but a position \
                     is a whole number"
                );
                (&rule::POSITION_COLUMN_NOT_INTEGER, name, message)
            }
        };
        add(rule, value, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_as_numbers() {
        for name in ["1", "001", "1e5", "1d", "5f", "10l", "1s", "1y", "1bd", "1e5d"] {
            assert!(reads_as_number(name), "{name}");
        }
        for name in ["1col", "0_1", "_x", "end", "1e", "1000g_af", "e5", "1x"] {
            assert!(!reads_as_number(name), "{name}");
        }
    }
}
