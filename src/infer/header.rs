//! Whether the first line is a header, and what the columns are called.

use super::evidence::{Evidence, fits, is_marker};
use super::names::essence;
use super::notes::Notes;
use super::roles::holds_contigs;
use crate::model::ColumnType;

/// Names that many annotation files have; their presence makes a header of a line of text.
const COMMON: [&str; 16] = [
    "gene",
    "geneid",
    "genename",
    "genesymbol",
    "symbol",
    "id",
    "name",
    "score",
    "rsid",
    "ref",
    "alt",
    "pos",
    "start",
    "end",
    "locus",
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

/// Whether the first line is a header, by what the columns hold in the others.
pub fn is_header(first: &[String], others: &[Evidence], recurs: bool, notes: &mut Notes) -> bool {
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
    if names != values {
        return names > values;
    }
    let header = looks_like_names(first, others, recurs);
    let (is, option) = if header { ("is", true) } else { ("is not", false) };
    notes.add(format!(
        "the first line {is} taken for a header; \
         header {option} is a guess, since all columns are text"
    ));
    header
}

fn looks_like_names(first: &[String], others: &[Evidence], recurs: bool) -> bool {
    let common = |it: &String| COMMON.contains(&essence(it).as_str()) || holds_contigs(it);
    if first.iter().any(common) {
        return true;
    }
    let mut distinct: Vec<&String> = first.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let seen = others.iter().any(|it| !it.is_empty());
    seen && !recurs && distinct.len() == first.len() && first.iter().all(|it| is_name(it))
}

/// A word or some, without the long numbers that identifiers have.
fn is_name(field: &str) -> bool {
    let digits = field.split(|it: char| !it.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let begins = field.starts_with(|it: char| it.is_alphabetic() || it == '_');
    begins && digits < 4 && field.len() <= 64 && !field.contains([':', '[', '{', '/', '='])
}

/// The name of each column, by its place; none has more than there are columns.
pub fn names(
    header: Option<Vec<String>>,
    columns: usize,
    is_bed: bool,
    is_ragged: bool,
    notes: &mut Notes,
) -> Vec<String> {
    let mut names = match header {
        Some(header) => header,
        None if is_bed => BED.iter().map(|it| (*it).to_owned()).collect(),
        None => {
            notes.add(
                "there is no header: the columns are called column_1, column_2, ...; \
                 rename them as you like",
            );
            return (1..=columns).map(|it| format!("column_{it}")).collect();
        }
    };
    if !is_bed && !is_ragged && names.len() + 1 == columns {
        notes.add(
            "the header has a name less than the rows have fields: \
             the first column is taken for the names of rows",
        );
        names.insert(0, "row_name".to_owned());
    } else if !is_bed && names.len() != columns {
        notes.add(format!(
            "the header has {} names, but the rows have {columns} fields",
            names.len()
        ));
    }
    names.truncate(columns);
    names.extend((names.len() + 1..=columns).map(|it| format!("column_{it}")));
    names
}
