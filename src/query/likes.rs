//! Patterns of LIKE. Trino has no escape unless the statement names one; DataFusion's is the
//! backslash, always.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{ScalarFunctionArgs, ScalarUDF};

use super::faults::of_value;
use super::scalar::{ScalarFunction, arrays, of_types};

/// The function that makes a pattern of DataFusion's of one of Trino's.
pub const PATTERN: &str = "$like_pattern";

/// A pattern in DataFusion's words; none where the escape does not stand before what it may.
pub fn pattern(pattern: &str, escape: Option<char>) -> Option<String> {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        let plain = if Some(character) == escape {
            Some(rest.next().filter(|it| matches!(it, '%' | '_') || Some(*it) == escape)?)
        } else {
            (character == '\\').then_some('\\')
        };
        match plain {
            Some(plain @ ('%' | '_' | '\\')) => out.extend(['\\', plain]),
            Some(plain) => out.push(plain),
            None => out.push(character),
        }
    }
    Some(out)
}

/// `$like_pattern(pattern [, escape])`
pub fn like_pattern() -> Arc<ScalarUDF> {
    static UDF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
        static FUNCTION: ScalarFunction = ScalarFunction {
            name: PATTERN,
            arguments: |given| {
                of_types(given, &[DataType::Utf8, DataType::Utf8], 1, "LIKE takes texts")
            },
            result: |_| Ok(DataType::Utf8),
            call: |args| Ok(Arc::new(patterns(args)?)),
        };
        FUNCTION.udf()
    });
    Arc::clone(&UDF)
}

fn patterns(args: &ScalarFunctionArgs) -> Result<StringArray> {
    let columns = arrays(args)?;
    let given = columns[0].as_string::<i32>();
    let escapes = columns.get(1).map(AsArray::as_string::<i32>);
    let each = given.iter().enumerate().map(|(row, text)| {
        let escape = match escapes {
            Some(escapes) if escapes.is_null(row) => return Ok(None),
            Some(escapes) => Some(one_character(escapes.value(row))?),
            None => None,
        };
        let Some(text) = text else { return Ok(None) };
        pattern(text, escape).map(Some).ok_or_else(|| misplaced(text))
    });
    each.collect()
}

fn one_character(text: &str) -> Result<char> {
    let mut characters = text.chars();
    if let (Some(one), None) = (characters.next(), characters.next()) {
        return Ok(one);
    }
    let fault = format!("the ESCAPE of LIKE is '{}'", text.escape_debug());
    Err(of_value(&fault, "give one character"))
}

fn misplaced(text: &str) -> datafusion::common::DataFusionError {
    let shown: String = text.chars().take(60).collect();
    let fault = format!("an escape in the pattern '{}' of LIKE", shown.escape_debug());
    of_value(&fault, "it must stand before %, _ or itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_escape_what_is_no_wildcard() {
        for (given, escape, expected) in [
            ("a%_", None, Some("a%_")),
            (r"a\%", None, Some(r"a\\%")),
            ("a#%##_", Some('#'), Some(r"a\%#_")),
            (r"\\\_", Some('\\'), Some(r"\\\_")),
            ("a#b", Some('#'), None),
            ("a#", Some('#'), None),
        ] {
            assert_eq!(pattern(given, escape).as_deref(), expected, "{given}");
        }
    }
}
