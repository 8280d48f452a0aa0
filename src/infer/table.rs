//! The rows of a sample: which line is the header, what the columns are called, and what the values
//! say.

use super::evidence::{Evidence, is_number};
use super::header::{self, Recurs};
use super::layout::{Layout, OtherLine};
use super::notes::Notes;
use super::quoting::{fields, splitter};
use super::values;
use crate::model::Result;
use crate::read::tsv::{is_same_text, without_index};

/// What the values say, wherever they were read.
pub struct Seen {
    /// About each column.
    pub evidence: Vec<Evidence>,
    /// Rows.
    pub rows: u64,
    /// Rows that do not have as many fields as there are columns.
    pub misfits: u64,
    /// Whether these are all rows of the file.
    pub whole: bool,
}

/// The rows of a sample.
pub struct Table {
    /// The names of the columns.
    pub names: Vec<String>,
    /// Whether an import has to drop the first line as the header.
    pub header: bool,
    /// What the values say.
    pub seen: Seen,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
}

/// Splits the rows of a sample, of which nothing is `seen` yet. `is_bed` says that the name of the
/// file is that of a BED file.
pub fn read(layout: &mut Layout, mut seen: Seen, is_bed: bool, notes: &mut Notes) -> Result<Table> {
    let tried = &layout.tried;
    let mut splitter = splitter(tried.sep, tried.quote, tried.escape)?;
    let mut split = |line: &str| fields(&mut splitter, line);
    let first = layout.rows.first().map(|it| split(it)).unwrap_or_default();
    let own = layout.others.iter().find(|it| it.is_header).map(|it| it.text);
    let top = own.or(layout.rows.first().copied());
    let names = own.map_or_else(|| first.clone(), &mut split);
    let (mut recurs, mut again, mut rows) = (Recurs::default(), Vec::new(), Vec::new());
    for line in layout.rows.iter().skip(1) {
        let row = split(line);
        // The header of another file may have other quotes, or none, or no `#`.
        if Some(*line) == top || is_same_header(&row, &names) {
            again.push(*line);
            continue;
        }
        let is_same = |(a, b): (&String, &String)| a == b && !a.is_empty();
        recurs.word |= row.iter().zip(&first).any(|it| is_same(it) && !is_number(it.0.as_bytes()));
        seen.add(&row);
        if rows.len() < values::ROWS {
            rows.push(row);
        }
    }
    recurs.line = !again.is_empty();
    let is_header = layout.header.is_none() && is_header(&first, &seen, recurs, is_bed, notes);
    let known = layout.header.as_deref().map(&mut split);
    if is_header {
        layout.others.extend(top.map(|text| OtherLine { text, is_header: true }));
    } else if !first.is_empty() && own != layout.rows.first().copied() {
        seen.add(&first);
        rows.insert(0, first.clone());
    }
    if is_header || own.is_some() {
        told_again(&again, layout, notes);
    } else {
        for _ in &again {
            seen.add(&first);
        }
    }
    let header = known.or_else(|| is_header.then_some(first));
    let columns = seen.evidence.len();
    if header.is_none() {
        header::tell_trailing(true, &seen.evidence, notes);
    }
    let names = match header {
        Some(mut names) => {
            for (column, name) in names.iter_mut().enumerate() {
                *name = without_index(name, column).to_owned();
            }
            header::fitted(names, &seen.evidence, &rows, seen.misfits > 0, notes)
        }
        None if is_bed => header::padded_to(header::of_bed(), columns),
        None => {
            notes.add(
                "there is no header: the columns are called column_1, column_2, ...; \
                 rename them as you like",
            );
            let mut names = header::padded_to(Vec::new(), columns);
            name_by_values(&mut names, &rows, notes);
            names
        }
    };
    Ok(Table { names, header: is_header || layout.is_plain_header, seen, rows })
}

fn is_header(
    first: &[String],
    seen: &Seen,
    recurs: Recurs,
    is_bed: bool,
    notes: &mut Notes,
) -> bool {
    if is_bed {
        let is = header::is_bed_header(first, &seen.evidence);
        if is {
            notes.add("the first line is taken for a header, which a BED file should not have");
        }
        return is;
    }
    if first.is_empty() {
        return false;
    }
    let verdict = header::is_header(first, &seen.evidence, recurs);
    if let Some(why) = verdict.guess {
        let (is, option) = if verdict.is { ("is", true) } else { ("is not", false) };
        notes.add(format!(
            "the first line {is} taken for a header; header {option} is a guess, since {why}"
        ));
    }
    verdict.is
}

/// Whether a row has the names of a header, be they spelt otherwise.
fn is_same_header(row: &[String], names: &[String]) -> bool {
    row.len() == names.len()
        && row.iter().zip(names).all(|(a, b)| is_same_text(a.as_bytes(), b.as_bytes()))
}

/// Says that the header stands further down as well.
fn told_again(again: &[&str], layout: &Layout, notes: &mut Notes) {
    let lines = again.iter().map(|it| layout.number(it).to_string());
    repeated(lines, notes);
}

/// Says in which lines the header is repeated, if in any.
pub fn repeated(lines: impl Iterator<Item = String>, notes: &mut Notes) {
    notes.list(
        "the header is repeated, which an import takes for rows or fails at: \
         remove these lines",
        lines,
    );
}

/// Names the columns of a file without a header that seem to give the place of a row.
fn name_by_values(names: &mut [String], rows: &[Vec<String>], notes: &mut Notes) {
    let found = values::names(rows);
    if let Some((contig, position)) = found.is_empty().then(|| values::near_miss(rows)).flatten() {
        notes.add(format!(
            "`{}` may be the contig and `{}` the position of a row, but the values do not say so \
             for sure: put them into formatToHeader, with the annotation type, if they are",
            names[contig], names[position]
        ));
    }
    for (column, name) in &found {
        names[*column] = String::from(*name);
    }
    let places = found.iter().map(|(column, name)| format!("column {} `{name}`", column + 1));
    notes.list(
        "there is no header, so what gives the place of a row is a guess from the values",
        places,
    );
}

impl Seen {
    fn add(&mut self, row: &[String]) {
        self.rows += 1;
        if row.len() != self.evidence.len() {
            self.misfits += 1;
            return;
        }
        for (evidence, field) in self.evidence.iter_mut().zip(row) {
            evidence.add(field.as_bytes());
        }
    }
}
