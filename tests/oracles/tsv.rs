//! csv against the automaton that reads separated values, in the dialect that both know: a quote
//! within a quoted field is written twice.

use csv::{QuoteStyle, ReaderBuilder, WriterBuilder};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::{Value, json};

use crate::Stores;

/// Fields of letters, quotes, blanks, separators, and what other dialects take for an escape or a
/// comment. Line breaks are left out: the service ends a row at each, csv does not.
fn field() -> impl Strategy<Value = String> {
    let letters = vec!["a", "bc", "\"", "\"\"", ",", "\t", "|", " ", "\\", "#", "'", "é", "漢"];
    let letters = proptest::sample::select(letters);
    proptest::collection::vec(letters, 0..6).prop_map(|it| it.concat())
}

/// A field as it stands in the file where nobody asks for quotes. Quotes within are part of the
/// value to both, but one at the beginning opens a quoted field, behind blanks only to us.
fn bare_field() -> impl Strategy<Value = String> {
    let letters = proptest::sample::select(vec!["a", "bc", "\"", " ", "\\", "#", "'", "é"]);
    let rest = proptest::collection::vec(letters, 0..5).prop_map(|it| it.concat());
    (proptest::sample::select(vec!["", "x", "é", "0"]), rest).prop_map(|(first, rest)| {
        if first.is_empty() { String::new() } else { format!("{first}{rest}") }
    })
}

fn table(field: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<Vec<String>>> {
    // One column alone could be an empty line, which both leave out, but csv only if unquoted.
    let field = proptest::collection::vec(field, 2 * 12..5 * 12);
    (field, 2_usize..6).prop_map(|(fields, columns)| {
        let rows = fields.chunks_exact(columns).map(<[String]>::to_vec);
        rows.collect()
    })
}

fn request(columns: usize, sep: char) -> Value {
    let schema: Vec<Value> =
        (0..columns).map(|it| json!({ (format!("c{it}")): "STRING" })).collect();
    json!({
        "storeFormat": "TSV",
        "storeOptions": {"tsvStoreOptions": {"annotationType": "GENERIC", "schema": schema}},
        "formatOptions": {"tsvOptions": {"readOptions":
            {"sep": sep, "quote": "\"", "escape": "\"", "header": false}}},
    })
}

/// What csv reads, field by field.
fn read_by_csv(text: &[u8], sep: char) -> Vec<Vec<String>> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(u8::try_from(sep).unwrap()).has_headers(false);
    let mut reader = builder.from_reader(text);
    reader.records().map(|it| it.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn compare(stores: &Stores, text: &[u8], sep: char, columns: usize) -> TestCaseResult {
    let expected = read_by_csv(text, sep);
    let rows = stores.rows("it.tsv", text, Some(&request(columns, sep)));
    prop_assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(&expected) {
        for (column, expected) in expected.iter().enumerate() {
            let ours = &row[format!("c{column}")];
            // To csv, nothing is an empty text; to Spark it is null, and so is an empty text.
            let theirs = if expected.is_empty() { Value::Null } else { json!(expected) };
            let text = String::from_utf8_lossy(text);
            prop_assert_eq!(ours, &theirs, "column {} of\n{}", column, text);
        }
    }
    Ok(())
}

fn seps() -> impl Strategy<Value = char> {
    proptest::sample::select(vec![',', '\t', '|'])
}

#[test]
fn what_csv_writes_is_read_as_csv_reads_it() {
    let stores = Stores::new();
    let styles = vec![QuoteStyle::Necessary, QuoteStyle::Always, QuoteStyle::NonNumeric];
    let inputs = (table(field()), seps(), proptest::sample::select(styles), any::<bool>());
    crate::check(24, &inputs, |(rows, sep, style, crlf)| {
        let mut builder = WriterBuilder::new();
        builder.delimiter(u8::try_from(sep).unwrap()).quote_style(style);
        let line_end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = builder.terminator(line_end).from_writer(Vec::new());
        for it in &rows {
            writer.write_record(it).unwrap();
        }
        compare(&stores, &writer.into_inner().unwrap(), sep, rows[0].len())
    });
}

#[test]
fn fields_without_quotes_around_them_are_read_as_csv_reads_them() {
    let stores = Stores::new();
    crate::check(16, &(table(bare_field()), seps()), |(rows, sep)| {
        let lines = rows.iter().map(|it| it.join(&sep.to_string()) + "\n");
        compare(&stores, lines.collect::<String>().as_bytes(), sep, rows[0].len())
    });
}
