//! Names of columns that the API and the service's importer take, and that SQL reads as names.

use std::collections::HashSet;

use crate::model::TsvStoreOptions;
use crate::model::api::MAX_COLUMN_NAME;
use crate::read::recognize::MARK;

/// Bytes that may stand around a header that is repeated.
const MOST_AROUND: usize = 8;
/// What stands in front of a name that SQL would not read as one.
const PREFIX: &str = "c_";
/// Words that are values in SQL wherever a column may stand: a column of this name would not be
/// read, and nothing would say so.
const VALUES: [&str; 12] = [
    "null",
    "true",
    "false",
    "current_catalog",
    "current_date",
    "current_path",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
];

/// Whether two headers, or two names, are the same but for case, the blanks around them, and a byte
/// order mark or a sign of comments in front.
pub fn is_same_text(a: &[u8], b: &[u8]) -> bool {
    // No line is looked at that is much longer or shorter.
    a.len().abs_diff(b.len()) <= MOST_AROUND && bare(a).eq_ignore_ascii_case(bare(b))
}

fn bare(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(MARK).unwrap_or(text).trim_ascii();
    let signs = text.iter().take_while(|it| **it == b'#').count();
    text[signs..].trim_ascii_start()
}

/// A name without the number of its column in front, as `[2]POS` has it from `bcftools query -H`.
pub fn without_index(name: &str, column: usize) -> &str {
    let rest = name.trim_start_matches(['#', ' ']).strip_prefix('[');
    let rest = rest.and_then(|it| it.strip_prefix(&(column + 1).to_string())?.strip_prefix(']'));
    rest.filter(|it| !it.is_empty()).unwrap_or(name)
}

/// A name for each column of a header, legal and its own. `adds_end` says that the store makes a
/// column `end` as well.
pub fn legal_names(headers: &[String], adds_end: bool) -> Vec<String> {
    let mut taken: HashSet<String> =
        TsvStoreOptions::OWN_COLUMNS.iter().map(|it| (*it).to_owned()).collect();
    if adds_end {
        taken.insert("end".to_owned());
    }
    headers
        .iter()
        .enumerate()
        .map(|(index, header)| {
            let name = distinct(&alone(without_index(header, index), index), &taken);
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// A legal name without a look at the others.
fn alone(header: &str, index: usize) -> String {
    let mut name = String::new();
    for it in header.chars() {
        if it.is_ascii_alphanumeric() {
            name.push(it.to_ascii_lowercase());
        } else if it == '_' || !name.ends_with('_') {
            name.push('_');
        }
    }
    let changed = !header.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let name = if changed { name.trim_matches('_') } else { name.as_str() };
    let is_misread = name.starts_with(|it: char| it.is_ascii_digit()) || VALUES.contains(&name);
    let name = match name {
        "" => format!("column_{}", index + 1),
        misread if is_misread => format!("{PREFIX}{misread}"),
        other => other.to_owned(),
    };
    name.chars().take(MAX_COLUMN_NAME).collect()
}

fn distinct(name: &str, taken: &HashSet<String>) -> String {
    let numbered = (2..).map(|number| {
        let suffix = format!("_{number}");
        let stem: String = name.chars().take(MAX_COLUMN_NAME - suffix.len()).collect();
        stem + &suffix
    });
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|it| !taken.contains(it))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headers: &[&str], adds_end: bool) -> Vec<String> {
        legal_names(&headers.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), adds_end)
    }

    #[test]
    fn names_become_legal_and_distinct() {
        assert_eq!(
            names(
                &["#Chrom", "pos(1-based)", "POS", "pos", "", "1", "1e5", "1000G_AF", "é"],
                false
            ),
            [
                "chrom",
                "pos_1_based",
                "pos",
                "pos_2",
                "column_5",
                "c_1",
                "c_1e5",
                "c_1000g_af",
                "column_9"
            ]
        );
        assert_eq!(names(&["_x", "a__b"], false), ["_x", "a__b"]);
    }

    #[test]
    fn a_header_is_the_same_however_it_is_spelt() {
        for other in
            ["chrom\tpos", "#CHROM\tPos", "\u{feff}chrom\tpos", "# chrom\tpos ", "chrom\tpos\t"]
        {
            assert!(is_same_text(b"chrom\tpos", other.as_bytes()), "{other}");
        }
        assert!(!is_same_text(b"chrom\tpos", b"chrom\tpo") && !is_same_text(b"a", b"b"));
    }

    #[test]
    fn numbers_of_columns_are_no_part_of_names() {
        assert_eq!(
            names(&["# [1]CHROM", "[2]POS", "[4]x", "[4]"], false),
            ["chrom", "pos", "c_4_x", "c_4"]
        );
    }

    #[test]
    fn values_of_sql_are_no_names() {
        assert_eq!(
            names(&["NULL", "Current_Date", "nullable"], false),
            ["c_null", "c_current_date", "nullable"]
        );
    }

    #[test]
    fn names_of_the_store_are_left_to_it() {
        assert_eq!(names(&["information", "end"], false), ["information_2", "end"]);
        assert_eq!(names(&["end", "end_2"], true), ["end_2", "end_2_2"]);
    }

    #[test]
    fn long_names_are_cut_and_stay_distinct() {
        let long = "x".repeat(300);
        let names = names(&[&long, &long], false);
        assert!(names.iter().all(|it| it.len() == 255) && names[0] != names[1]);
    }
}
