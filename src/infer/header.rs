//! Whether the first line is a header, and what the columns are called.

use std::collections::HashSet;

use super::evidence::{Evidence, fits, is_marker, is_number};
use super::names::{essence, words};
use super::notes::Notes;
use super::synonyms::{Part, names_contigs, sense};
use crate::model::ColumnType;

/// Names that many annotation files have; their presence makes a header of a line of text.
const COMMON: [&str; 32] = [
    "accession",
    "alt",
    "barcode",
    "end",
    "ensemblid",
    "feature",
    "gene",
    "geneid",
    "genename",
    "genesymbol",
    "id",
    "locus",
    "marker",
    "markername",
    "name",
    "pos",
    "probe",
    "probeid",
    "proteinid",
    "ref",
    "rsid",
    "sample",
    "sampleid",
    "score",
    "snp",
    "snpid",
    "start",
    "symbol",
    "taxid",
    "transcript",
    "transcriptid",
    "variant",
];
/// Columns of a BED file, which has no header.
const BED: [&str; 12] = [
    "chrom",
    "chromStart",
    "chromEnd",
    "name",
    "score",
    "strand",
    "thickStart",
    "thickEnd",
    "itemRgb",
    "blockCount",
    "blockSizes",
    "blockStarts",
];

/// Whether a line is a header, and why if that is a guess.
pub struct Verdict {
    /// Whether it is.
    pub is: bool,
    /// What speaks for it, where the types do not.
    pub guess: Option<&'static str>,
}

/// What a first line has in common with the lines below it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recurs {
    /// One of its words stands in the same column of another line.
    pub word: bool,
    /// All of it stands there once more.
    pub line: bool,
}

/// Whether the first line is a header, by what the columns hold in the others.
pub fn is_header(first: &[String], others: &[Evidence], recurs: Recurs) -> Verdict {
    if let Some(why) = has_numbers_for_names(first, others, recurs) {
        return Verdict { is: true, guess: Some(why) };
    }
    if let Some(is) = by_types(first, others) {
        return Verdict { is, guess: None };
    }
    let is = looks_like_names(first, others, recurs);
    Verdict { is, guess: Some("all columns are text") }
}

/// Whether the types of the columns say that the first line is a header; none where they do not
/// say.
pub fn by_types(first: &[String], others: &[Evidence]) -> Option<bool> {
    let (mut names, mut values) = (0, 0);
    for (field, evidence) in first.iter().zip(others) {
        let data_type = evidence.intended_type();
        let says_nothing = field.is_empty() || is_marker(field.as_bytes());
        if data_type == ColumnType::String || says_nothing {
            continue;
        }
        if fits(data_type, field.as_bytes()) || fits(ColumnType::Double, field.as_bytes()) {
            values += 1;
        } else {
            names += 1;
        }
    }
    (names != values).then_some(names > values)
}

/// Whether the numbers of the first line are names: of samples behind the names of genes or places,
/// or of columns that are counted.
fn has_numbers_for_names(
    first: &[String],
    others: &[Evidence],
    recurs: Recurs,
) -> Option<&'static str> {
    let labels = first.iter().take_while(|it| !is_number(it.as_bytes())).count();
    let (labels, numbers) = first.split_at(labels);
    let distinct: HashSet<&String> = first.iter().collect();
    let are_numbers = !numbers.is_empty() && numbers.iter().all(|it| is_number(it.as_bytes()));
    if distinct.len() != first.len() || !are_numbers || first.len() < 2 {
        return None;
    }
    let below = others.first()?;
    if let (Some(label), false) = (labels.first(), below.is_empty()) {
        let is_named = !recurs.word && (is_label(label) || follow_each_other(numbers));
        let is_unnamed = label.is_empty() && !below.has_empty() && first.len() > 2;
        if is_named || is_unnamed {
            return Some("its numbers stand behind names of columns");
        }
    }
    let is_text = |it: &Evidence| !it.is_empty() && !it.has_number();
    let is_counted = || {
        let from = usize::from(first[0] != "0");
        let expected = (from..from + first.len()).map(|it| it.to_string());
        // A row of data may well have 1, 2 and 3.
        first.len() > if from == 0 { 2 } else { 4 } && first.iter().cloned().eq(expected)
    };
    if labels.len() < 2 && others.iter().all(is_text) {
        Some("no column has a number below")
    } else {
        (!below.is_empty() && is_counted()).then_some("its numbers count the columns")
    }
}

/// Whether a field is the name of a column of names, or of places.
pub fn is_label(field: &str) -> bool {
    const LAST: [&str; 6] = ["gene", "id", "name", "probe", "sample", "symbol"];
    is_common(field)
        || names_contigs(field)
        || words(field).last().is_some_and(|it| LAST.contains(&it.as_str()))
}

/// Whether these are numbers of years, or of samples, one after the other.
fn follow_each_other(fields: &[String]) -> bool {
    let first: Option<usize> = fields.first().and_then(|it| it.parse().ok());
    let first = first.filter(|it| fields.len() > 2 && (100..1_000_000_000).contains(it));
    first.is_some_and(|from| {
        fields.iter().cloned().eq((from..from + fields.len()).map(|it| it.to_string()))
    })
}

/// Whether one of the fields is a name that many files have.
pub fn has_common_name(first: &[String]) -> bool {
    first.iter().any(|it| is_common(it) || names_contigs(it))
}

fn is_common(field: &str) -> bool {
    COMMON.contains(&essence(field).as_str())
}

fn looks_like_names(first: &[String], others: &[Evidence], recurs: Recurs) -> bool {
    if has_common_name(first) {
        return true;
    }
    let seen = others.iter().any(|it| !it.is_empty());
    seen && !recurs.word && !recurs.line && are_names(first)
}

/// Whether each field is a name of its own.
pub fn are_names(first: &[String]) -> bool {
    let distinct: HashSet<&String> = first.iter().collect();
    distinct.len() == first.len() && first.iter().all(|it| is_name(it))
}

/// A word or some, without the long numbers that identifiers have.
fn is_name(field: &str) -> bool {
    let digits = field.split(|it: char| !it.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let begins = field.starts_with(|it: char| it.is_alphabetic() || it == '_');
    begins && digits < 4 && field.len() <= 64 && !field.contains([':', '[', '{', '/', '='])
}

/// Whether the first line of a BED file, which has none, is a header all the same: above whole
/// numbers it has text.
pub fn is_bed_header(first: &[String], others: &[Evidence]) -> bool {
    let is_text = |at: usize| first.get(at).is_some_and(|it| !is_number(it.as_bytes()));
    let is_whole =
        |at: usize| others.get(at).is_some_and(|it| it.data_type(false) == ColumnType::Long);
    (1..3).all(|at| is_text(at) && is_whole(at))
}

/// The names of a BED file.
pub fn of_bed() -> Vec<String> {
    BED.iter().map(|it| (*it).to_owned()).collect()
}

/// Whether rows whose header is a name short have names, as R writes them: each its own, with the
/// columns behind them. Else it is the last column that has no name.
fn are_rows_named(names: &[String], others: &[Evidence], rows: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    let are_distinct = rows.iter().all(|it| it.first().is_none_or(|it| seen.insert(it)));
    let is_position = |name: &str| {
        [Part::Position, Part::Start, Part::End].iter().any(|it| sense(name, *it).is_some())
    };
    let fitting = |columns: &[Evidence]| {
        let columns = names.iter().zip(columns).filter(|it| is_position(it.0));
        columns.filter(|it| it.1.data_type(false) == ColumnType::Long).count()
    };
    are_distinct && fitting(&others[1..]) >= fitting(others)
}

/// The names of the header, one for each column, of which these are the first rows. `is_ragged`
/// says that rows differ in length.
pub fn fitted(
    mut names: Vec<String>,
    others: &[Evidence],
    rows: &[Vec<String>],
    is_ragged: bool,
    notes: &mut Notes,
) -> Vec<String> {
    let columns = others.len();
    let behind = others.get(names.len()..).unwrap_or_default();
    if !behind.is_empty() && behind.iter().all(Evidence::is_empty) {
        let columns = (names.len() + 1..=columns).map(|it| format!("`column_{it}`"));
        notes.add(format!(
            "rows end in a separator that the header does not have, so that there is an empty \
             column {}: take the separator off the rows, or leave the column",
            columns.collect::<Vec<_>>().join(", ")
        ));
    } else if names.len() + 1 == columns && !is_ragged {
        let taken = if are_rows_named(&names, others, rows) {
            names.insert(0, "row_name".to_owned());
            "the first column is taken for the names of rows"
        } else {
            "the first column does not name the rows, so that the last one has no name"
        };
        notes.add(format!("the header has a name less than the rows have fields: {taken}"));
    } else if names.len() == columns {
        tell_trailing(names.last().is_some_and(String::is_empty), others, notes);
    } else {
        notes.add(format!(
            "the header has {} names, but the rows have {columns} fields",
            names.len()
        ));
    }
    padded_to(names, columns)
}

/// Says so where every line ends in a separator, and so has a column behind it without a value.
pub fn tell_trailing(is_unnamed: bool, others: &[Evidence], notes: &mut Notes) {
    let is_empty = others.last().is_some_and(Evidence::is_empty);
    if is_unnamed && is_empty && others.len() > 1 && others.iter().any(|it| !it.is_empty()) {
        notes.add(format!(
            "lines end in a separator, so that there is an empty column `column_{}`: \
             take the separator off, or leave the column",
            others.len()
        ));
    }
}

/// As many names as there are columns.
pub fn padded_to(mut names: Vec<String>, columns: usize) -> Vec<String> {
    names.truncate(columns);
    names.extend((names.len() + 1..=columns).map(|it| format!("column_{it}")));
    names
}
