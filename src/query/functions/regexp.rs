//! Regular expressions: `regexp_extract`, `regexp_extract_all` and `regexp_replace`, as Trino has them. Patterns are those of Rust's `regex`,
//! which are Java's without look-around and back references, and take time in proportion to the text whatever the pattern.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use arrow::array::{Array, AsArray, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use regex::Regex;

/// `regexp_extract(text, pattern [, group])` and `regexp_extract_all`: what the pattern, or a group of it, matched.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Extract {
    all: bool,
    signature: Signature,
}

impl Extract {
    /// The first match; null where there is none.
    pub fn one() -> Self {
        Self { all: false, signature: Signature::user_defined(Volatility::Immutable) }
    }

    /// All matches, as an array.
    pub fn all() -> Self {
        Self { all: true, signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Extract {
    fn name(&self) -> &'static str {
        if self.all { "regexp_extract_all" } else { "regexp_extract" }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types.len() {
            2 => Ok(vec![DataType::Utf8, DataType::Utf8]),
            3 => Ok(vec![DataType::Utf8, DataType::Utf8, DataType::Int64]),
            _ => plan_err!("{} takes a text, a pattern and perhaps a group", self.name()),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(if self.all { DataType::new_list(DataType::Utf8, true) } else { DataType::Utf8 })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let text = args.args[0].to_array_of_size(rows)?;
        let pattern = args.args[1].to_array_of_size(rows)?;
        let (text, pattern) = (text.as_string::<i32>(), pattern.as_string::<i32>());
        let group = args.args.get(2).map(|it| it.to_array_of_size(rows)).transpose()?;
        let group = group.as_ref().map(AsArray::as_primitive::<Int64Type>);
        let mut patterns = Patterns::default();
        let mut one = StringBuilder::new();
        let mut lists = ListBuilder::new(StringBuilder::new());
        for row in 0..rows {
            let absent = text.is_null(row)
                || pattern.is_null(row)
                || group.is_some_and(|it| it.is_null(row));
            if absent {
                if self.all {
                    lists.append_null();
                } else {
                    one.append_null();
                }
                continue;
            }
            let regex = patterns.get(pattern.value(row))?;
            let index = group_index(regex, group.map_or(0, |it| it.value(row)))?;
            let text = text.value(row);
            if self.all {
                for found in regex.captures_iter(text) {
                    lists.values().append_option(found.get(index).map(|it| it.as_str()));
                }
                lists.append(true);
            } else {
                let found = regex.captures(text).and_then(|it| it.get(index));
                one.append_option(found.map(|it| it.as_str()));
            }
        }
        Ok(ColumnarValue::Array(if self.all {
            Arc::new(lists.finish())
        } else {
            Arc::new(one.finish())
        }))
    }
}

fn group_index(regex: &Regex, group: i64) -> Result<usize> {
    match usize::try_from(group) {
        Ok(index) if index < regex.captures_len() => Ok(index),
        _ => exec_err!("the pattern `{regex}` has no group {group}"),
    }
}

/// `regexp_replace(text, pattern [, replacement])`: every match replaced, or removed. `$1` and `${name}` are groups.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Replace {
    signature: Signature,
}

impl Replace {
    /// The function.
    pub fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Replace {
    fn name(&self) -> &'static str {
        "regexp_replace"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types.len() {
            2 | 3 => Ok(vec![DataType::Utf8; types.len()]),
            _ => plan_err!("regexp_replace takes a text, a pattern and perhaps a replacement"),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let arrays = args.args.iter().map(|it| it.to_array_of_size(rows));
        let arrays = arrays.collect::<Result<Vec<_>>>()?;
        let texts: Vec<&StringArray> = arrays.iter().map(AsArray::as_string).collect();
        let mut patterns = Patterns::default();
        let mut out = StringBuilder::new();
        for row in 0..rows {
            if texts.iter().any(|it| it.is_null(row)) {
                out.append_null();
                continue;
            }
            let regex = patterns.get(texts[1].value(row))?;
            let replacement = texts.get(2).map_or("", |it| it.value(row));
            let replacement = rust_replacement(replacement, regex.captures_len());
            out.append_value(regex.replace_all(texts[0].value(row), replacement));
        }
        Ok(ColumnarValue::Array(Arc::new(out.finish())))
    }
}

/// Java's replacement in Rust's form: `$12` is group 1 and a 2 where there is no group 12, and `\` escapes.
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
