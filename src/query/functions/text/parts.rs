//! Texts taken apart at delimiters, and joined.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;
use rustc_hash::FxHashMap;

use crate::query::bounds;
use crate::query::rows::{Elements, Entries, by_row};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&SPLIT, &SPLIT_PART, &SPLIT_TO_MAP, &SPLIT_TO_MULTIMAP, &CONCAT_WS];

/// `split(text, delimiter [, limit])`: an array; with a limit, its last element is the rest. The
/// empty text gives one empty element.
pub static SPLIT: ScalarFunction =
    by_row!("split", |text: &str, delimiter: &str, limit: Option<i64>| -> Result<Elements<&str>> {
        let limit = limit.map_or(Ok(usize::MAX), |it| positive("limit of split", it))?;
        let delimiter = present("the delimiter of split", delimiter)?;
        Ok(Elements(text.splitn(limit, delimiter).collect()))
    });

/// `split_part(text, delimiter, index)`: one-based, null where there are fewer parts. With an empty
/// delimiter each character is a part.
pub static SPLIT_PART: ScalarFunction =
    by_row!("split_part", |text: &str, delimiter: &str, index: i64| -> Result<Option<&str>> {
        let place = positive("index of split_part", index)? - 1;
        if !delimiter.is_empty() {
            return Ok(text.split(delimiter).nth(place));
        }
        let character = text.char_indices().nth(place);
        Ok(character.map(|(at, it)| &text[at..at + it.len_utf8()]))
    });

/// `split_to_map(text, between_entries, between_key_and_value)`: no key twice.
pub static SPLIT_TO_MAP: ScalarFunction = by_row!("split_to_map", |text: &str,
                                                                   between_entries: &str,
                                                                   between_key_and_value: &str|
 -> Result<Entries<&str>> {
    let entries = entries("split_to_map", text, between_entries, between_key_and_value)?;
    let mut keys = rustc_hash::FxHashSet::default();
    match entries.iter().find(|(key, _)| !keys.insert(*key)) {
        Some((key, _)) => exec_err!("split_to_map finds the key '{key}' twice"),
        None => Ok(Entries(entries)),
    }
});

/// `split_to_multimap(text, between_entries, between_key_and_value)`: all values of each key.
pub static SPLIT_TO_MULTIMAP: ScalarFunction =
    by_row!("split_to_multimap", |text: &str,
                                  between_entries: &str,
                                  between_key_and_value: &str|
     -> Result<Entries<Elements<&str>>> {
        let given = entries("split_to_multimap", text, between_entries, between_key_and_value)?;
        let mut places = FxHashMap::default();
        let mut entries: Vec<(&str, Elements<&str>)> = Vec::new();
        for (key, value) in given {
            let place = *places.entry(key).or_insert(entries.len());
            match entries.get_mut(place) {
                Some((_, values)) => values.0.push(value),
                None => entries.push((key, Elements(vec![value]))),
            }
        }
        Ok(Entries(entries))
    });

/// The keys and values of a text. An empty entry is allowed at its end alone.
fn entries<'a>(
    function: &str,
    text: &'a str,
    between: &str,
    within: &str,
) -> Result<Vec<(&'a str, &'a str)>> {
    let between = present(&format!("what separates the entries of {function}"), between)?;
    let within = present(&format!("what separates keys and values of {function}"), within)?;
    if between == within {
        return exec_err!("{function} has '{between}' between entries and within them");
    }
    let entry = |entry: &'a str| match entry.split_once(within) {
        Some((key, value)) if !value.contains(within) => Ok((key, value)),
        _ => exec_err!("{function} finds '{within}' not once in the entry '{entry}'"),
    };
    let text = text.strip_suffix(between).unwrap_or(text);
    if text.is_empty() { Ok(Vec::new()) } else { text.split(between).map(entry).collect() }
}

fn positive(what: &str, value: i64) -> Result<usize> {
    match usize::try_from(value) {
        Ok(it) if it > 0 => Ok(it),
        _ => exec_err!("the {what} is {value}, but has to be at least 1"),
    }
}

fn present<'a>(what: &str, delimiter: &'a str) -> Result<&'a str> {
    match delimiter {
        "" => exec_err!("{what} is empty"),
        it => Ok(it),
    }
}

/// `concat_ws(separator, text, ...)` and `concat_ws(separator, array)`: the texts that are not
/// null, with a separator between them; null where the separator is.
pub static CONCAT_WS: ScalarFunction = ScalarFunction {
    name: "concat_ws",
    arguments: |given| {
        let is_text = |it: &DataType| it.is_string() || it.is_null();
        match given {
            [separator, DataType::List(element)]
                if is_text(separator) && is_text(element.data_type()) =>
            {
                Ok(vec![DataType::Utf8, DataType::new_list(DataType::Utf8, true)])
            }
            [_, _, ..] if given.iter().all(is_text) => Ok(vec![DataType::Utf8; given.len()]),
            _ => {
                let given: Vec<_> = given.iter().map(sql_type).collect();
                let wanted = "a separator, and texts or an array of them";
                plan_err!("`concat_ws` takes {wanted}, not ({})", given.join(", "))
            }
        }
    },
    result: |_| Ok(DataType::Utf8),
    call: concat_ws,
};

fn concat_ws(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arrays = arrays(args)?;
    let separators = arrays[0].as_string::<i32>();
    let mut out = StringBuilder::new();
    for row in 0..args.number_rows {
        if separators.is_null(row) {
            out.append_null();
            continue;
        }
        let separator = separators.value(row);
        let mut joined = String::new();
        let mut is_first = true;
        let mut join = |texts: &StringArray, at: usize| {
            if texts.is_valid(at) {
                joined.push_str(if is_first { "" } else { separator });
                joined.push_str(texts.value(at));
                is_first = false;
            }
            bounds::check("concat_ws", joined.len() as u128)
        };
        match arrays[1].as_list_opt::<i32>() {
            Some(lists) => {
                let texts = lists.value(row);
                let length = if lists.is_null(row) { 0 } else { texts.len() };
                (0..length).try_for_each(|at| join(texts.as_string(), at))?;
            }
            None => arrays[1..].iter().try_for_each(|texts| join(texts.as_string(), row))?,
        }
        bounds::check("concat_ws", (out.values_slice().len() + joined.len()) as u128)?;
        out.append_value(joined);
    }
    Ok(Arc::new(out.finish()))
}
