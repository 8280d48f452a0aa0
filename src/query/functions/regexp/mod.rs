//! Regular expressions: `regexp_extract`, `regexp_extract_all` and `regexp_replace`, as Trino has
//! them. Patterns are those of Rust's `regex`, which are Java's without look-around and back
//! references, and take time in proportion to the text whatever the pattern.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarFunctionArgs;
use regex::Regex;

use crate::query::bounds;
use crate::query::scalar::{ScalarFunction, arrays, of_types};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&EXTRACT, &EXTRACT_ALL, &REPLACE];

/// What `regexp_extract` and `regexp_extract_all` take; the group may be left out.
const EXTRACTED: [DataType; 3] = [DataType::Utf8, DataType::Utf8, DataType::Int64];

/// `regexp_extract(text, pattern [, group])`: what the pattern, or a group of it, matched first;
/// null where there is no match.
pub static EXTRACT: ScalarFunction = ScalarFunction {
    name: "regexp_extract",
    arguments: |given| {
        let usage = "regexp_extract takes a text, a pattern and perhaps a group";
        of_types(given, &EXTRACTED, 2, usage)
    },
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let mut out = StringBuilder::new();
        for_rows(args, |row| {
            let found = row.and_then(|(regex, group, text)| regex.captures(text)?.get(group));
            out.append_option(found.map(|it| it.as_str()));
        })?;
        Ok(Arc::new(out.finish()))
    },
};

/// `regexp_extract_all(text, pattern [, group])`: all matches, as an array.
pub static EXTRACT_ALL: ScalarFunction = ScalarFunction {
    name: "regexp_extract_all",
    arguments: |given| {
        let usage = "regexp_extract_all takes a text, a pattern and perhaps a group";
        of_types(given, &EXTRACTED, 2, usage)
    },
    result: |_| Ok(DataType::new_list(DataType::Utf8, true)),
    call: |args| {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for_rows(args, |row| {
            for found in row.iter().flat_map(|(regex, _, text)| regex.captures_iter(text)) {
                let group = row.and_then(|(_, group, _)| found.get(group));
                lists.values().append_option(group.map(|it| it.as_str()));
            }
            lists.append(row.is_some());
        })?;
        Ok(Arc::new(lists.finish()))
    },
};

/// Gives each row's pattern, group and text; none where one of them is null.
fn for_rows(
    args: &ScalarFunctionArgs,
    mut with: impl FnMut(Option<(&Regex, usize, &str)>),
) -> Result<()> {
    let arrays = arrays(args)?;
    let (text, pattern) = (arrays[0].as_string::<i32>(), arrays[1].as_string::<i32>());
    let group = arrays.get(2).map(AsArray::as_primitive::<Int64Type>);
    let mut patterns = Patterns::default();
    for row in 0..args.number_rows {
        if arrays.iter().any(|it| it.is_null(row)) {
            with(None);
            continue;
        }
        let regex = patterns.get(pattern.value(row))?;
        let group = group_index(regex, group.map_or(0, |it| it.value(row)))?;
        with(Some((regex, group, text.value(row))));
    }
    Ok(())
}

fn group_index(regex: &Regex, group: i64) -> Result<usize> {
    match usize::try_from(group) {
        Ok(index) if index < regex.captures_len() => Ok(index),
        _ => exec_err!("the pattern `{regex}` has no group {group}"),
    }
}

/// `regexp_replace(text, pattern [, replacement])`: every match replaced, or removed. `$1` and
/// `${name}` are groups.
pub static REPLACE: ScalarFunction = ScalarFunction {
    name: "regexp_replace",
    arguments: |given| {
        let usage = "regexp_replace takes a text, a pattern and perhaps a replacement";
        of_types(given, &[DataType::Utf8, DataType::Utf8, DataType::Utf8], 2, usage)
    },
    result: |_| Ok(DataType::Utf8),
    call: replace,
};

fn replace(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arrays = arrays(args)?;
    let texts: Vec<&StringArray> = arrays.iter().map(AsArray::as_string).collect();
    let mut patterns = Patterns::default();
    let mut out = StringBuilder::new();
    let mut made = 0;
    for row in 0..args.number_rows {
        if texts.iter().any(|it| it.is_null(row)) {
            out.append_null();
            continue;
        }
        let regex = patterns.get(texts[1].value(row))?;
        let (text, replacement) =
            (texts[0].value(row), texts.get(2).map_or("", |it| it.value(row)));
        bounds::check("regexp_replace", grown_by(regex, text, replacement))?;
        let replacement = rust_replacement(replacement, regex.captures_len());
        let replaced = regex.replace_all(text, replacement);
        made += replaced.len().saturating_sub(text.len());
        bounds::check("regexp_replace", made as u128)?;
        out.append_value(replaced);
    }
    Ok(Arc::new(out.finish()))
}

/// By how many bytes a text grows when it is replaced, or more.
fn grown_by(regex: &Regex, text: &str, replacement: &str) -> u128 {
    // All that one group takes, in all places, is no longer than the text.
    let groups = replacement.bytes().filter(|it| *it == b'$').count();
    let (of_groups, each) = ((text.len() * groups) as u128, replacement.len() as u128);
    let most = of_groups + (text.len() as u128 + 1) * each;
    if most <= bounds::MOST as u128 {
        return most;
    }
    of_groups + regex.find_iter(text).count() as u128 * each
}

/// Java's replacement in Rust's form: `$12` is group 1 and a 2 where there is no group 12, and `\`
/// escapes.
fn rust_replacement(java: &str, groups: usize) -> String {
    let mut rust = String::with_capacity(java.len());
    let mut given = java.chars().peekable();
    while let Some(it) = given.next() {
        match it {
            '\\' => match given.next() {
                Some('$') => rust.push_str("$$"),
                Some(other) => rust.push(other),
                None => rust.push('\\'),
            },
            '$' => {
                let mut number = 0;
                let mut digits = String::new();
                while let Some(digit) = given.peek().and_then(|it| it.to_digit(10)) {
                    let longer = number * 10 + digit as usize;
                    if !digits.is_empty() && longer >= groups {
                        break;
                    }
                    number = longer;
                    digits.extend(given.next());
                }
                rust.push('$');
                if !digits.is_empty() {
                    rust.push_str(&format!("{{{digits}}}"));
                }
            }
            other => rust.push(other),
        }
    }
    rust
}

/// Patterns of one batch, each compiled once.
#[derive(Default)]
struct Patterns(HashMap<String, Regex>);

impl Patterns {
    fn get(&mut self, pattern: &str) -> Result<&Regex> {
        match self.0.entry(pattern.to_owned()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => match Regex::new(pattern) {
                Ok(regex) => Ok(new.insert(regex)),
                Err(error) => exec_err!("{}", reason(pattern, &error)),
            },
        }
    }
}

/// The last line of the error says why; those before it draw the pattern.
fn reason(pattern: &str, error: &regex::Error) -> String {
    let text = error.to_string();
    let why = text.lines().last().unwrap_or_default();
    format!("the pattern `{pattern}` cannot be used: {}", why.trim_start_matches("error: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_of_java_become_those_of_rust() {
        for (java, groups, rust) in [
            ("$1x", 2, "${1}x"),
            ("$12", 2, "${1}2"),
            ("$12", 13, "${12}"),
            (r"\$1", 2, "$$1"),
            ("${name}", 2, "${name}"),
            (r"a\\b", 1, r"a\b"),
        ] {
            assert_eq!(rust_replacement(java, groups), rust, "{java}");
        }
    }
}
