//! Data files of Spark's and its neighbours' own tests, with what those tests assert, where the API
//! has the options.

use annostore::model::{ColumnType, ReadOptions};
use serde_json::{Value, json};

use crate::read::{Read, corpus_file, generic, read};

fn load(name: &str, columns: &[(&str, ColumnType)], options: &Value) -> Option<Read> {
    let input = corpus_file(name)?;
    Some(read(&input, generic(columns), Some(&crate::read::options(options))).unwrap())
}

const TEXTS: [(&str, ColumnType); 5] = [
    ("c0", ColumnType::String),
    ("c1", ColumnType::String),
    ("c2", ColumnType::String),
    ("c3", ColumnType::String),
    ("c4", ColumnType::String),
];

#[test]
fn cars_skip_blank_lines_and_fail_at_the_short_row() {
    for (header, rows) in [(false, 3), (true, 2)] {
        for name in ["apache-spark/cars.csv", "spark2-crlf/cars.csv"] {
            let Some(read) = load(name, &TEXTS, &json!({ "header": header })) else { return };
            assert_eq!((read.rows.len(), read.rejected), (rows, 1), "{name}");
        }
    }
}

#[test]
fn cars_with_another_quote_and_separator() {
    let options = json!({ "quote": "'", "sep": "|", "header": true });
    let mut columns = TEXTS;
    columns[0].1 = ColumnType::Int;
    let Some(read) = load("apache-spark/cars-alternative.csv", &columns, &options) else { return };
    let years: Vec<&Value> = read.rows.iter().map(|it| &it[0]).collect();
    assert_eq!(years, [2012, 1997, 2015]);
    // Its elder version has a short last row.
    let name = "spark2-crlf/cars-alternative.csv";
    let Some(read) = load(name, &columns, &options) else { return };
    assert_eq!((read.rows.len(), read.rejected), (2, 1));
}

#[test]
fn cars_with_a_separator_of_many_characters() {
    let options = json!({ "quote": "'", "sep": "_/-\\\\_", "header": true });
    let name = "apache-spark/cars-multichar-delim-crazy.csv";
    let Some(read) = load(name, &TEXTS, &options) else { return };
    assert_eq!(read.rejected, 1);
    assert_eq!(
        read.rows[0],
        ["2012", "Tesla", "S", "No comment"]
            .map(Value::from)
            .into_iter()
            .chain([Value::Null])
            .collect::<Vec<_>>()
    );
    assert_eq!(read.rows[1][3], "Go get one now they are going fast");
}

#[test]
fn cars_in_latin_1() {
    let options = json!({ "encoding": "iso-8859-1", "sep": "þ", "header": true });
    for name in ["databricks-spark-csv/cars_iso-8859-1.csv", "spark2-crlf/cars_iso-8859-1.csv"] {
        let Some(read) = load(name, &TEXTS, &options) else { return };
        // The third row is short, as in the file in ASCII.
        assert_eq!((read.rows.len(), read.rejected), (2, 1), "{name}");
        assert_eq!(read.rows[1][3], "Go get one now they are þoing fast");
    }
}

#[test]
fn comments_and_blanks() {
    let options = json!({ "header": true, "comment": "#" });
    let Some(read) = load("apache-spark/comments-whitespaces.csv", &TEXTS[..1], &options) else {
        return;
    };
    assert_eq!(read.rows, [[json!(" \"a\" ")]]);
    for name in ["databricks-spark-csv/disable_comments.csv", "spark2-crlf/disable_comments.csv"] {
        let Some(read) = load(name, &TEXTS[..3], &json!({})) else { return };
        assert_eq!(read.rows, [["#1", "2", "3"], ["4", "5", "6"]].map(|it| it.map(Value::from)));
    }
}

#[test]
fn unescaped_quotes_are_kept() {
    for name in ["apache-spark/unescaped-quotes.csv", "spark2-crlf/unescaped-quotes.csv"] {
        let Some(read) = load(name, &TEXTS[..3], &json!({})) else { return };
        let expected = [["\"a\"b", "ccc", "ddd"], ["ab", "cc\"c", "ddd\""]];
        assert_eq!(read.rows, expected.map(|it| it.map(Value::from)));
    }
}

#[test]
fn rows_end_in_a_separator_of_their_own() {
    let name = "apache-spark/more-columns-custom-sep.csv";
    let Some(read) = load(name, &TEXTS, &json!({ "lineSep": "|" })) else { return };
    let expected = [["1", "3.14", "string", "5", "7"], ["2", "6.28", "text", "10", "14"]];
    assert_eq!(read.rows, expected.map(|it| it.map(Value::from)));
}

#[test]
fn a_short_row_is_malformed() {
    let options = json!({ "header": true });
    let Some(read) = load("apache-spark/malformedRow.csv", &TEXTS[..4], &options) else { return };
    assert_eq!((read.rows.len(), read.rejected), (3, 1));
}

#[test]
fn chinese_in_gbk() {
    let options = json!({ "header": true, "encoding": "GBK" });
    let name = "spark-rapids/integration_tests/test_gbk.csv";
    let Some(read) = load(name, &TEXTS[..4], &options) else { return };
    assert_eq!((read.rows.len(), read.rejected), (8, 0));
    assert_eq!(read.rows[0], ["张三", "25", "北京", "工程师"].map(Value::from));
}

#[test]
fn no_read_options_mean_header_and_tab() {
    let schema = || generic(&TEXTS[..2]);
    let without = read(b"a\tb\nx\ty\n", schema(), None).unwrap();
    assert_eq!(without.rows, [["x", "y"].map(Value::from)]);
    let empty = read(b"a\tb\nx\ty\n", schema(), Some(&ReadOptions::default())).unwrap();
    assert_eq!((empty.rows.len(), empty.rejected), (0, 2));
}
