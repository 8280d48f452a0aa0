//! Lines that stand around the header and are no rows: what is above it, rules below it, and a
//! header that goes on over line ends.

use std::collections::HashSet;

use super::evidence::{Evidence, is_number};
use super::header::{self, Recurs};
use super::heading::has_units;
use super::quoting::{Tried, fields, splitter};
use crate::model::Result;
use crate::read::tsv::{FieldSplitter, Repair};

/// Lines that stand above a header at most.
const MOST_ABOVE: usize = 100;
/// Lines that a header goes on over at most.
const MOST_JOINED: usize = 20;
/// Rows below that are looked at.
const LOOKED_AT: usize = 500;

/// Lines that are no rows.
#[derive(Default)]
pub struct Surroundings<'a> {
    /// Those above and below the header.
    pub lines: Vec<&'a str>,
    /// Those of a header that goes on over line ends.
    pub broken: Vec<&'a str>,
    /// That header on one line.
    pub header: Option<String>,
}

/// Takes the lines that are no rows whatever the separator is: those around the section that holds
/// the table, as manifests of arrays have it, and the counts below the first line of a GCT file.
pub fn take_known<'a>(lines: &mut Vec<&'a str>) -> Vec<&'a str> {
    let mut taken = Vec::new();
    let above = lines.iter().take(MOST_ABOVE).position(|it| section(it).is_some_and(is_table));
    if let Some(at) = above {
        let end = lines.iter().skip(at + 1).position(|it| section(it).is_some());
        let below = lines.split_off(end.map_or(lines.len(), |it| at + 1 + it));
        taken.extend(lines.drain(..=at).chain(below));
    }
    let is_gct = lines.first().is_some_and(|it| matches!(it.trim_end(), "#1.2" | "#1.3"));
    let are_counts = |it: &&str| it.split_whitespace().all(|it| it.parse::<u32>().is_ok());
    if is_gct && lines.get(1).is_some_and(are_counts) {
        taken.push(lines.remove(1));
    }
    taken
}

/// The name of the section that a line begins, as `[Heading]`.
fn section(line: &str) -> Option<&str> {
    line.trim_end_matches([',', ';', '\t', ' ']).strip_prefix('[')?.strip_suffix(']')
}

/// Whether a section of this name is a table.
fn is_table(section: &str) -> bool {
    ["assay", "data"].iter().any(|it| section.to_ascii_lowercase().ends_with(it))
}

/// Takes the lines that are no rows from the front of these, of which the first may be a header
/// unless that `is_known` already.
pub fn cut<'a>(rows: &mut Vec<&'a str>, tried: &Tried, is_known: bool) -> Result<Surroundings<'a>> {
    let mut splitter = splitter(tried.sep, tried.quote, tried.escape)?;
    let mut around = Surroundings::default();
    if tried.columns < 2 {
        return Ok(around);
    }
    if is_known {
        if has_units(rows, tried, false)? {
            around.lines.push(rows.remove(0));
        }
        return Ok(around);
    }
    if header_over_lines(rows, tried, &mut splitter).is_none() {
        let above = count_above(rows, tried, &mut splitter);
        around.lines.extend(rows.drain(..above));
    }
    if let Some((header, lines)) = header_over_lines(rows, tried, &mut splitter) {
        around.broken.extend(rows.drain(..lines));
        around.header = Some(header);
    } else if rows.get(1).is_some_and(|it| is_rule(it)) || has_units(rows, tried, true)? {
        around.lines.push(rows.remove(1));
    }
    Ok(around)
}

/// The header on one line, and how many lines it takes.
fn header_over_lines(
    rows: &[&str],
    tried: &Tried,
    splitter: &mut FieldSplitter,
) -> Option<(String, usize)> {
    let mut is_open = |line: &str| {
        splitter.split(line.as_bytes(), false);
        let open = splitter.repairs().iter().any(|it| it.0 == Repair::Unclosed);
        (open, splitter.count())
    };
    let (open, count) = is_open(rows.first()?);
    if !open || count >= tried.columns {
        return None;
    }
    (2..=rows.len().min(MOST_JOINED))
        .map(|lines| (rows[..lines].join(" "), lines))
        .find(|(header, _)| is_open(header) == (false, tried.columns))
}

/// How many lines stand above the table.
fn count_above(rows: &[&str], tried: &Tried, splitter: &mut FieldSplitter) -> usize {
    let rows = &rows[..rows.len().min(LOOKED_AT + MOST_ABOVE)];
    let split: Vec<Vec<String>> = rows.iter().map(|it| fields(splitter, it)).collect();
    let filled = |row: &Vec<String>| row.iter().filter(|it| !it.is_empty()).count();
    let mut fills: Vec<usize> = split.iter().map(filled).collect();
    fills.sort_unstable();
    // Where few rows are below, most lines may be above.
    let typical = fills.get(fills.len() * 3 / 4).copied().unwrap_or_default();
    let named = tried.columns - empty_behind(&split, tried.columns);
    let is_other = |at: &usize| !(named..=tried.columns).contains(&split[*at].len());
    let is_mark = |at: &usize| is_excel_separator(rows[*at]) || is_rule(rows[*at]);
    let is_sparse = |at: &usize| 2 * filled(&split[*at]) <= typical;
    let above =
        (0..rows.len()).take_while(|it| is_mark(it) || is_other(it) || is_sparse(it)).count();
    let Some(below) = split.get(above..).filter(|it| !it.is_empty() && above <= MOST_ABOVE) else {
        return 0;
    };
    let misfits = below.iter().filter(|it| it.len() != tried.columns).count();
    // The header of R has a name less than rows that have names.
    let is_far = |at: usize| {
        let count = split[at].len();
        is_other(&at) && !is_near(count, tried.columns) && count + 1 != tried.columns
    };
    let is_sure = (0..above).all(|it| is_mark(&it) || is_far(it));
    let is_even = 20 * misfits <= below.len();
    if is_even && (is_sure || has_names(below)) { above } else { 0 }
}

/// How many columns at the end have no value in any row of full length.
fn empty_behind(rows: &[Vec<String>], columns: usize) -> usize {
    let full = || rows.iter().filter(|it| it.len() == columns);
    let is_empty = |column: &usize| full().all(|it| it[*column].is_empty());
    (1..columns).rev().take_while(is_empty).count()
}

/// Whether a line may be the header of rows with so many fields, though the file be ragged.
pub fn is_near(count: usize, columns: usize) -> bool {
    count == columns || count > 1 && columns > 3 && count.abs_diff(columns) * 4 <= columns
}

/// The first line of Excel, which names the separator.
fn is_excel_separator(line: &str) -> bool {
    let rest = line.get(..4).filter(|it| it.eq_ignore_ascii_case("sep=")).map(|_| &line[4..]);
    rest.is_some_and(|it| it.trim_end_matches([',', ';', '\t']).chars().count() <= 1)
}

/// A line that is drawn with signs.
fn is_rule(line: &str) -> bool {
    ["---", "+++", "===", "___", "***"].iter().any(|it| line.contains(it))
        && line.bytes().all(|it| b"-+=_*|:,;\t \"'".contains(&it))
}

/// Whether the first row is a header beyond doubt.
fn has_names(rows: &[Vec<String>]) -> bool {
    let Some((first, others)) = rows.split_first() else { return false };
    let evidence = Evidence::of_rows(others, first.len());
    let distinct: HashSet<&String> = first.iter().collect();
    let is_plain = |it: &String| !it.is_empty() && !is_number(it.as_bytes());
    distinct.len() == first.len()
        && first.iter().skip(1).all(is_plain)
        && header::is_header(first, &evidence, Recurs::default()).is
}
