//! Patterns of LIKE. Trino has no escape unless the statement names one; DataFusion's is the
//! backslash, always.

use std::str::Chars;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray, BooleanArray, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{ScalarFunctionArgs, ScalarUDF};

use super::faults::of_value;
use super::scalar::{ScalarFunction, arrays};
use super::types::sql_type;

/// The function that makes a pattern of DataFusion's of one of Trino's.
pub const PATTERN: &str = "$like_pattern";

/// The function that compares a text with a pattern of Trino's.
pub const LIKE: &str = "$like";

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
            arguments: texts,
            result: |_| Ok(DataType::Utf8),
            call: |args| Ok(Arc::new(patterns(args)?)),
        };
        FUNCTION.udf()
    });
    Arc::clone(&UDF)
}

/// `$like(text, pattern [, escape])`, for patterns that rows have of their own: the engine's LIKE
/// compiles each of them.
pub fn like() -> Arc<ScalarUDF> {
    static UDF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
        static FUNCTION: ScalarFunction = ScalarFunction {
            name: LIKE,
            arguments: texts,
            result: |_| Ok(DataType::Boolean),
            call: |args| {
                let columns = arrays(args)?;
                let (escape, is_unknown) = escape(columns.get(2))?;
                let pairs = columns[0].as_string::<i32>().iter().zip(columns[1].as_string::<i32>());
                let each = pairs.map(|(text, given)| {
                    let (Some(text), Some(given), false) = (text, given, is_unknown) else {
                        return Ok(None);
                    };
                    let parts = PatternParts { rest: given.chars(), escape };
                    if parts.clone().any(|it| it.is_none()) {
                        return Err(misplaced(given));
                    }
                    if text.len().saturating_mul(given.len()) > MOST_STEPS {
                        return matches_compiled(text, given, escape);
                    }
                    Ok(Some(matches(text, parts.flatten())))
                });
                Ok(Arc::new(each.collect::<Result<BooleanArray>>()?))
            },
        };
        FUNCTION.udf()
    });
    Arc::clone(&UDF)
}

/// Trying out where the rest of a pattern begins takes so many steps at most.
const MOST_STEPS: usize = 1 << 20;

/// A part of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PatternPart {
    /// `%`
    Any,
    /// `_`
    One,
    Character(char),
}

/// The parts of a pattern; none where the escape does not stand before what it may.
#[derive(Clone)]
struct PatternParts<'a> {
    rest: Chars<'a>,
    escape: Option<char>,
}

impl Iterator for PatternParts<'_> {
    type Item = Option<PatternPart>;

    fn next(&mut self) -> Option<Option<PatternPart>> {
        let character = self.rest.next()?;
        Some(if Some(character) == self.escape {
            let plain = self.rest.next();
            plain
                .filter(|it| matches!(it, '%' | '_') || plain == self.escape)
                .map(PatternPart::Character)
        } else {
            Some(match character {
                '%' => PatternPart::Any,
                '_' => PatternPart::One,
                other => PatternPart::Character(other),
            })
        })
    }
}

/// Whether a text is like a pattern. Where it is not behind a `%`, that takes one character more.
fn matches(text: &str, mut parts: impl Iterator<Item = PatternPart> + Clone) -> bool {
    let mut rest = text.chars();
    let mut again = None;
    loop {
        let (mut ahead, mut behind) = (rest.clone(), parts.clone());
        let fits = match (behind.next(), ahead.next()) {
            (Some(PatternPart::Any), _) => {
                again = Some((rest.clone(), behind.clone()));
                parts = behind;
                continue;
            }
            (Some(PatternPart::One), Some(_)) => true,
            (Some(PatternPart::Character(wanted)), Some(found)) => wanted == found,
            (None, None) => return true,
            (Some(_), None) => return false,
            (None, Some(_)) => false,
        };
        if fits {
            (rest, parts) = (ahead, behind);
            continue;
        }
        let Some((start, behind)) = &mut again else { return false };
        start.next();
        (rest, parts) = (start.clone(), behind.clone());
    }
}

fn matches_compiled(text: &str, given: &str, escape: Option<char>) -> Result<Option<bool>> {
    let pattern = pattern(given, escape).ok_or_else(|| misplaced(given))?;
    let text = StringArray::new_scalar(text);
    let found = arrow::compute::like(&text, &StringArray::new_scalar(pattern))?;
    Ok(found.iter().next().flatten())
}

fn patterns(args: &ScalarFunctionArgs) -> Result<StringArray> {
    let columns = arrays(args)?;
    let given = columns[0].as_string::<i32>();
    let (escape, is_unknown) = escape(columns.get(1))?;
    let each = given.iter().map(|text| {
        let (Some(text), false) = (text, is_unknown) else { return Ok(None) };
        pattern(text, escape).map(Some).ok_or_else(|| misplaced(text))
    });
    each.collect()
}

/// The escape, and whether it is null. It is a constant of the statement.
fn escape(column: Option<&ArrayRef>) -> Result<(Option<char>, bool)> {
    let Some(column) = column.map(AsArray::as_string::<i32>) else { return Ok((None, false)) };
    match column.iter().next().flatten() {
        Some(text) => Ok((Some(one_character(text)?), false)),
        None => Ok((None, true)),
    }
}

/// All arguments are texts.
fn texts(given: &[DataType]) -> Result<Vec<DataType>> {
    match given.iter().find(|it| !it.is_string() && !it.is_null()) {
        Some(other) => plan_err!("LIKE takes texts, and {} is none", sql_type(other)),
        None => Ok(vec![DataType::Utf8; given.len()]),
    }
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
