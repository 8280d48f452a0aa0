//! Regular expressions, as Trino has them.

mod lambda;
mod pattern;
mod replace;
mod search;

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::HigherOrderUDF;
use regex::Regex;

use crate::query::rows::{Argument, Elements, Outcome, Parameter, accepted, collected};
use crate::query::scalar::{ScalarFunction, arrays};
use pattern::Patterns;
use search::Search;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&LIKE, &EXTRACT, &EXTRACT_ALL, &COUNT, &POSITION, &SPLIT, &REPLACE];

/// `regexp_replace(text, pattern, groups -> text)`
pub fn replace_each() -> Arc<HigherOrderUDF> {
    Arc::new(HigherOrderUDF::new_from_impl(lambda::ReplaceEach::new()))
}

/// `regexp_like(text, pattern)`: whether it matches anywhere.
pub static LIKE: ScalarFunction = ScalarFunction {
    name: "regexp_like",
    arguments: |given| taken("regexp_like", given, []),
    result: |_| Ok(DataType::Boolean),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_like", &columns, args.number_rows, |regex, text, _| {
            Ok(Some(regex.is_match(text)))
        })
    },
};

/// `regexp_extract(text, pattern [, group])`: what the pattern, or a group of it, matched first;
/// null where there is no match.
pub static EXTRACT: ScalarFunction = ScalarFunction {
    name: "regexp_extract",
    arguments: |given| taken("regexp_extract", given, [GROUP]),
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_extract", &columns, args.number_rows, |regex, text, row| {
            let Some(group) = number(&columns, 2, row) else { return Ok(None) };
            let group = group_index(regex, group.unwrap_or(0))?;
            if group == 0 {
                return Ok(regex.find(text).map(|it| it.as_str()));
            }
            Ok(regex.captures(text).and_then(|it| it.get(group)).map(|it| it.as_str()))
        })
    },
};

/// `regexp_extract_all(text, pattern [, group])`: all matches, as an array.
pub static EXTRACT_ALL: ScalarFunction = ScalarFunction {
    name: "regexp_extract_all",
    arguments: |given| taken("regexp_extract_all", given, [GROUP]),
    result: |_| Ok(Elements::<String>::data_type()),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_extract_all", &columns, args.number_rows, |regex, text, row| {
            let Some(group) = number(&columns, 2, row) else { return Ok(None) };
            let group = group_index(regex, group.unwrap_or(0))?;
            let mut search = Search::of(regex, text);
            let found = std::iter::from_fn(|| search.captures());
            let groups = found.map(|it| it.get(group).map(|it| it.as_str()));
            Ok(Some(Elements(groups.collect())))
        })
    },
};

/// `regexp_count(text, pattern)`: how many matches there are.
pub static COUNT: ScalarFunction = ScalarFunction {
    name: "regexp_count",
    arguments: |given| taken("regexp_count", given, []),
    result: |_| Ok(DataType::Int64),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_count", &columns, args.number_rows, |regex, text, _| {
            Ok(i64::try_from(Search::of(regex, text).count()).ok())
        })
    },
};

/// `regexp_position(text, pattern [, start [, occurrence]])`: the character at which a match
/// begins, one-based; -1 where there is none.
pub static POSITION: ScalarFunction = ScalarFunction {
    name: "regexp_position",
    arguments: |given| {
        let start = Parameter::of::<Option<i64>>("start");
        taken("regexp_position", given, [start, Parameter::of::<Option<i64>>("occurrence")])
    },
    result: |_| Ok(DataType::Int64),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_position", &columns, args.number_rows, |regex, text, row| {
            let (start, occurrence) = (number(&columns, 2, row), number(&columns, 3, row));
            let (Some(start), Some(occurrence)) = (start, occurrence) else { return Ok(None) };
            let before = |what: &str, it: Option<i64>| match usize::try_from(it.unwrap_or(1)) {
                Ok(it) if it > 0 => Ok(it - 1),
                _ => exec_err!("the {what} of regexp_position has to be at least 1"),
            };
            let (skipped, earlier) = (before("start", start)?, before("occurrence", occurrence)?);
            let Some((start, _)) = text.char_indices().nth(skipped) else { return Ok(Some(-1)) };
            let found = Search::from(regex, text, start).nth(earlier);
            let place = found.map(|it| text[..it.start()].chars().count() + 1);
            Ok(Some(place.and_then(|it| i64::try_from(it).ok()).unwrap_or(-1)))
        })
    },
};

/// `regexp_split(text, pattern)`: what is between the matches, as an array.
pub static SPLIT: ScalarFunction = ScalarFunction {
    name: "regexp_split",
    arguments: |given| taken("regexp_split", given, []),
    result: |_| Ok(Elements::<String>::data_type()),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_split", &columns, args.number_rows, |regex, text, _| {
            let (mut parts, mut end) = (Vec::new(), 0);
            for found in Search::of(regex, text) {
                parts.push(&text[end..found.start()]);
                end = found.end();
            }
            parts.push(&text[end..]);
            Ok(Some(Elements(parts)))
        })
    },
};

/// `regexp_replace(text, pattern [, replacement])`: every match replaced, or removed. `$1` and
/// `${name}` are groups, `\` escapes.
pub static REPLACE: ScalarFunction = ScalarFunction {
    name: "regexp_replace",
    arguments: |given| {
        taken("regexp_replace", given, [Parameter::of::<Option<&str>>("replacement")])
    },
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let columns = arrays(args)?;
        over("regexp_replace", &columns, args.number_rows, |regex, text, row| {
            let replacement = <Option<&str>>::read(columns.get(2), row);
            let Some(replacement) = replacement else { return Ok(None) };
            replace::replaced(regex, text, replacement.unwrap_or_default()).map(Some)
        })
    },
};

const GROUP: Parameter = Parameter {
    name: "group",
    optional: true,
    shown: <Option<i64>>::shown,
    taken_as: <Option<i64>>::taken_as,
};

/// A text, a pattern, and what may follow.
fn taken<const N: usize>(
    function: &str,
    given: &[DataType],
    rest: [Parameter; N],
) -> Result<Vec<DataType>> {
    let first = [Parameter::of::<&str>("text"), Parameter::of::<&str>("pattern")];
    let all: Vec<_> = first.into_iter().chain(rest).collect();
    accepted(function, given, &all)
}

/// The values for the patterns and texts of all rows; null where one of those is.
fn over<'a, T: Outcome>(
    function: &str,
    columns: &'a [ArrayRef],
    rows: usize,
    mut of: impl FnMut(&Regex, &'a str, usize) -> Result<Option<T>>,
) -> Result<ArrayRef> {
    let mut patterns = Patterns::default();
    collected(function, columns, rows, |row| {
        let text = <&str>::read(columns.first(), row)?;
        let pattern = <&str>::read(columns.get(1), row)?;
        Some(patterns.get(pattern).and_then(|regex| of(regex, text, row)))
    })
}

/// The number in a place, none where it was left out; none at all where it is null.
#[expect(clippy::option_option)]
fn number(columns: &[ArrayRef], place: usize, row: usize) -> Option<Option<i64>> {
    Argument::read(columns.get(place), row)
}

fn group_index(regex: &Regex, group: i64) -> Result<usize> {
    match usize::try_from(group) {
        Ok(index) if index < regex.captures_len() => Ok(index),
        _ => exec_err!("the pattern `{regex}` has no group {group}"),
    }
}
