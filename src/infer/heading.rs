//! Which of the lines at the top has the names of the columns: comments may have them, or describe
//! a header that follows, give the types or units of columns, or be a row that somebody took out.

use super::evidence::{Evidence, is_number};
use super::header::{self, Recurs, are_names, by_types, has_common_name, is_header, is_label};
use super::names::words;
use super::quoting::{Tried, fields, splitter};
use crate::model::{ColumnType, Result};

/// Rows that are looked at.
const LOOKED_AT: usize = 500;
/// Words for types, and the commonest for units.
const UNITS: [&str; 36] = [
    "bool",
    "boolean",
    "bp",
    "categorical",
    "char",
    "character",
    "cm",
    "date",
    "days",
    "double",
    "factor",
    "float",
    "int",
    "integer",
    "kb",
    "kg",
    "list",
    "logical",
    "long",
    "mb",
    "mg",
    "mm",
    "months",
    "number",
    "numeric",
    "numerical",
    "percent",
    "str",
    "string",
    "text",
    "unit",
    "units",
    "varchar",
    "x",
    "years",
    "yrs",
];

/// What the comments at the top are.
#[derive(Default)]
pub struct Heading<'a> {
    /// The one with the names of the columns.
    pub header: Option<&'a str>,
    /// Those behind it that have all fields of a row.
    pub rows: Vec<&'a str>,
}

/// Asks the same of each comment, and of the first line behind them: whether it has names for the
/// columns below. `is_near` says which may, by the number of their fields.
pub fn find<'a>(
    comments: &[&'a str],
    rows: &[&str],
    tried: &Tried,
    is_near: impl Fn(usize) -> bool,
) -> Result<Heading<'a>> {
    let mut splitter = splitter(tried.sep, tried.quote, tried.escape)?;
    let mut split = |it: &str| fields(&mut splitter, it);
    let lines = comments.iter().map(|it| (*it, split(it.trim_start_matches(is_sign))));
    let lines: Vec<(&str, Vec<String>)> = lines.filter(|it| is_near(it.1.len())).collect();
    let rows: Vec<Vec<String>> = rows.iter().take(LOOKED_AT).map(|it| split(it)).collect();
    if lines.is_empty() || is_plain(&rows, &lines, tried.columns) {
        return Ok(Heading::default());
    }
    let below = Evidence::of_rows(&rows, tried.columns);
    let may_be = |names: &[String]| {
        let are_numbers = names.iter().all(|it| is_number(it.as_bytes()));
        let is_unsure = by_types(names, &below).is_none() && !are_numbers;
        (is_unsure || is_header(names, &below, Recurs::default()).is) && !are_units(names, &below)
    };
    // Of equals, the last one.
    let likeness = |at: &usize| {
        let names = &lines[*at].1;
        (by_types(names, &below) == Some(true), has_common_name(names))
    };
    let found = (0..lines.len()).filter(|it| may_be(&lines[*it].1)).max_by_key(likeness);
    let behind = &lines[found.map_or(0, |it| it + 1)..];
    let is_row = |it: &&(&str, Vec<String>)| {
        it.1.len() == tried.columns && by_types(&it.1, &below) == Some(false)
    };
    Ok(Heading {
        header: found.map(|it| lines[it].0),
        rows: behind.iter().filter(is_row).map(|it| it.0).collect(),
    })
}

fn is_sign(it: char) -> bool {
    matches!(it, '#' | '!' | '%' | ' ')
}

/// Whether the first line behind comments is the header, and they describe it: they have the types
/// of its columns, or its words.
fn is_plain(rows: &[Vec<String>], comments: &[(&str, Vec<String>)], columns: usize) -> bool {
    let Some((first, others)) = rows.split_first() else { return false };
    let below = Evidence::of_rows(others, columns);
    let shares = |it: &[String]| {
        it.iter().zip(first).any(|(a, b)| words(a).iter().any(|it| words(b).contains(it)))
    };
    let has_types = comments.iter().any(|it| are_types(&it.1));
    let is_described = || has_types || comments.iter().any(|it| shares(&it.1));
    let has_names = match by_types(first, &below) {
        Some(says) => says && (first.iter().any(|it| is_label(it)) || is_described()),
        None => has_types && is_header(first, &below, Recurs::default()).is,
    };
    has_names && are_names(first) && !are_units(first, &below)
}

fn is_unit(field: &str) -> bool {
    let words = words(field);
    !words.is_empty() && words.iter().all(|it| UNITS.contains(&it.as_str()))
}

fn are_types(fields: &[String]) -> bool {
    fields.len() > 1 && fields.iter().all(|it| is_unit(it))
}

/// Whether these are the units or types of columns, and no row: where others have numbers there is
/// none, and where they have text there is a word for a unit, or nothing.
fn are_units(fields: &[String], below: &[Evidence]) -> bool {
    let (mut has_text, mut has_numbers) = (false, false);
    for (field, evidence) in fields.iter().zip(below) {
        let is_text = evidence.intended_type() == ColumnType::String;
        has_text |= is_text;
        has_numbers |= !is_text && !field.is_empty();
        if !field.is_empty() && if is_text { !is_unit(field) } else { is_number(field.as_bytes()) }
        {
            return false;
        }
    }
    let has_unit = || fields.iter().any(|it| is_unit(it));
    are_types(fields)
        || has_numbers && by_types(fields, below) == Some(true) && (has_text || has_unit())
}

/// Whether the line below the header has the units or types of the columns. The header is the first
/// of the rows, where `is_there`.
pub fn has_units(rows: &[&str], tried: &Tried, is_there: bool) -> Result<bool> {
    let mut splitter = splitter(tried.sep, tried.quote, tried.escape)?;
    let rows = rows.iter().take(LOOKED_AT).map(|it| fields(&mut splitter, it));
    let rows: Vec<Vec<String>> = rows.collect();
    let (above, rows) = rows.split_at(usize::from(is_there && !rows.is_empty()));
    let Some((units, others)) = rows.split_first().filter(|it| !it.1.is_empty()) else {
        return Ok(false);
    };
    let below = Evidence::of_rows(others, tried.columns);
    let is_named = |it: &Vec<String>| header::is_header(it, &below, Recurs::default()).is;
    Ok(units.len() == tried.columns && above.iter().all(is_named) && are_units(units, &below))
}
