//! Single questions that were put to Spark 3.1.3: one line of input, and what became of it. The
//! separator is a tab unless told otherwise, and there is no header.

use annostore::model::{ColumnType, ReadOptions};
use serde_json::Value;

use crate::read::{generic, read};

fn tabs() -> ReadOptions {
    ReadOptions { sep: Some("\t".to_owned()), ..ReadOptions::default() }
}

fn rows(input: &str, columns: usize, options: &ReadOptions) -> Option<Vec<String>> {
    let names = ["a", "b", "c"];
    let schema: Vec<_> = names[..columns].iter().map(|it| (*it, ColumnType::String)).collect();
    let read = read(input.as_bytes(), generic(&schema), Some(options)).ok()?;
    let text = |value: &Value| value.as_str().unwrap_or("∅").to_owned();
    let row = |row: &Vec<Value>| row.iter().map(text).collect::<Vec<_>>().join("¦");
    (read.rejected == 0).then(|| read.rows.iter().map(row).collect())
}

/// Expects rows, fields separated by `¦` and null as `∅`.
#[track_caller]
fn reads(input: &str, options: &ReadOptions, expected: &[&str]) {
    let columns = expected.first().map_or(2, |it| it.split('¦').count());
    assert_eq!(
        rows(input, columns, options).as_deref(),
        Some(&expected.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()[..]),
        "{input:?}"
    );
}

/// Expects a failed job.
#[track_caller]
fn fails(input: &str, options: &ReadOptions) {
    assert_eq!(rows(input, 2, options), None, "{input:?}");
}

#[test]
fn counts_of_fields() {
    let tabs = tabs();
    for input in ["x\ty\nz", "x\ty\tw", "x\ty\t"] {
        fails(input, &tabs);
    }
    reads("\ty", &tabs, &["∅¦y"]);
    reads("x\t", &tabs, &["x¦∅"]);
    reads("\t\"\"", &tabs, &["∅¦∅"]);
    reads("\"\"\t\"\"", &tabs, &["∅¦∅"]);
    fails(&"\t".repeat(20_479).replacen('\t', "x\t", 1), &tabs);
    fails(&"\t".repeat(20_480).replacen('\t', "x\t", 1), &tabs);
}

#[test]
fn blanks() {
    let tabs = tabs();
    reads("x\ty\n\t\n  \n\u{1}\u{2}\n\nz\tw", &tabs, &["x¦y", "z¦w"]);
    reads(" x \t y ", &tabs, &[" x ¦ y "]);
    reads("   \ty", &tabs, &["   ¦y"]);
    reads("\u{a0}\ty", &tabs, &["\u{a0}¦y"]);
    fails("\u{3000}", &tabs);
    reads(" \"x\" \t\"y\" ", &tabs, &[" \"x\" ¦y"]);
    reads("\"  x  \"\ty", &tabs, &["  x  ¦y"]);
    reads("x\0\ty", &tabs, &["x\0¦y"]);
    reads("x\u{b}\ty\u{c}\u{2028}", &tabs, &["x\u{b}¦y\u{c}\u{2028}"]);
}

#[test]
fn quotes_and_escapes() {
    let tabs = tabs();
    let doubling = ReadOptions { escape: Some("\"".to_owned()), ..tabs.clone() };
    reads("\"a\tb\"\tc", &tabs, &["a\tb¦c"]);
    reads(r#""x\"y"	z"#, &tabs, &["x\"y¦z"]);
    reads("\"x\"\"y\"\tz", &tabs, &["\"x\"\"y\"¦z"]);
    reads("\"x\"\"y\"\tz", &doubling, &["x\"y¦z"]);
    reads("\"\"\"x\"\"\"\tz", &doubling, &["\"x\"¦z"]);
    reads("\"\"\"\"\tz", &doubling, &["\"¦z"]);
    fails("\"He said \"\"hi\"\", ok\",y", &ReadOptions::default());
    reads("x\"y\"z\tw", &tabs, &["x\"y\"z¦w"]);
    reads("\"a\"b\tz", &tabs, &["\"a\"b¦z"]);
    reads("\"a\"b\"\tz", &tabs, &["\"a\"b\"¦z"]);
    reads("\"a\"b\tc\"\tz", &tabs, &["\"a\"b¦c\"¦z"]);
    fails("\"abc\tz", &tabs);
    fails("\"x\\\"\tz", &tabs);
    reads("\"x\\\\\"\tz", &tabs, &["x\\¦z"]);
    reads("\"x\\ty\\\\z\"\tz", &tabs, &["x\\ty\\z¦z"]);
    reads("x\\ty\\\\z\tw", &tabs, &["x\\ty\\\\z¦w"]);
    let single = ReadOptions { quote: Some("'".to_owned()), ..tabs };
    reads("'a\tb'\tc", &single, &["a\tb¦c"]);
}

#[test]
fn options_that_are_refused() {
    let two = || Some("##".to_owned());
    for options in [
        ReadOptions { quote: two(), ..tabs() },
        ReadOptions { escape: two(), ..tabs() },
        ReadOptions { comment: two(), ..tabs() },
        ReadOptions { sep: Some("\\".to_owned()), ..tabs() },
        ReadOptions { sep: Some("\\n".to_owned()), ..tabs() },
        ReadOptions { sep: Some("\n".to_owned()), ..tabs() },
        ReadOptions { line_sep: Some("abc".to_owned()), ..tabs() },
        ReadOptions { encoding: Some("UTF-32".to_owned()), ..tabs() },
    ] {
        fails("x\ty", &options);
    }
}

#[test]
fn comments_and_headers() {
    let comments = ReadOptions { comment: Some("#".to_owned()), ..tabs() };
    reads("#c\nx\ty\n #d\te\nx#\ty", &comments, &["x¦y", " #d¦e", "x#¦y"]);
    reads("\"#c\"\td", &comments, &["#c¦d"]);
    let header = ReadOptions { header: Some(true), ..comments };
    reads("##v\n#chr\tpos\nx\ty", &header, &[]);
    reads("##v\nchr\tpos\nx\ty\n#z", &header, &["x¦y"]);
    reads("##v\n  # indented\nchr\tpos\nx\ty", &header, &["x¦y"]);
    let header = ReadOptions { header: Some(true), ..tabs() };
    reads("\n\nfoo\tbar\nx\ty", &header, &["x¦y"]);
    reads("other\nx\ty", &header, &["x¦y"]);
    reads("foo\tbar", &header, &[]);
}

#[test]
fn separators() {
    let sep = |it: &str| ReadOptions { sep: Some(it.to_owned()), ..ReadOptions::default() };
    reads("x||y", &sep("||"), &["x¦y"]);
    reads("\"x||w\"||y", &sep("||"), &["x||w¦y"]);
    reads("x|w||y", &sep("||"), &["x|w¦y"]);
    reads("x<->y", &sep("<->"), &["x¦y"]);
    reads("x\t|y", &sep("\\t|"), &["x¦y"]);
    reads("x\\y", &sep("\\\\"), &["x¦y"]);
    reads("x y", &sep(" "), &["x¦y"]);
    reads("xþ\"aþb\"", &sep("þ"), &["x¦aþb"]);
}

#[test]
fn line_ends() {
    let tabs = tabs();
    let line_sep = |it: &str| ReadOptions { line_sep: Some(it.to_owned()), ..tabs.clone() };
    reads("x\ty\r\nz\tw\r\n", &tabs, &["x¦y", "z¦w"]);
    reads("x\ty\rz\tw", &tabs, &["x¦y", "z¦w"]);
    reads("x\ty\r\nz\tw\r\n", &line_sep("\n"), &["x¦y\r", "z¦w\r"]);
    // Spark 3.1 refuses two characters; later ones read this.
    reads("x\ty\r\nz\tw\r\n", &line_sep("\r\n"), &["x¦y", "z¦w"]);
    reads("x\ty|z\tw", &line_sep("|"), &["x¦y", "z¦w"]);
}

fn number(data_type: ColumnType, text: &str) -> Option<Value> {
    let schema = generic(&[("a", ColumnType::String), ("b", data_type)]);
    let read = read(format!("x\t{text}").as_bytes(), schema, Some(&tabs())).unwrap();
    (read.rejected == 0).then(|| read.rows[0][1].clone())
}

#[test]
fn types() {
    use ColumnType::{Boolean, Double, Float, Int, Long, String};
    for data_type in [Int, Long] {
        for text in ["+1", "-0", "٣", "7", ""] {
            assert!(number(data_type, text).is_some(), "{text:?}");
        }
        for text in [" 1", "1 ", "1.0", "1e3", ".", "NA", "9223372036854775808"] {
            assert_eq!(number(data_type, text), None, "{text:?}");
        }
    }
    for data_type in [Float, Double] {
        for text in ["1e3", "NaN", "Inf", "-Inf", "Infinity", "1d", "0x1p3", " 1.5 ", "1e60", ""] {
            assert!(number(data_type, text).is_some(), "{text:?}");
        }
        for text in ["nan", "inf", "NA", "."] {
            assert_eq!(number(data_type, text), None, "{text:?}");
        }
    }
    assert_eq!(number(Float, "1e60"), Some(serde_json::json!({ "f": "Infinity" })));
    for text in ["true", "FALSE", "True", ""] {
        assert!(number(Boolean, text).is_some(), "{text:?}");
    }
    for text in ["1", "yes", "T", " true"] {
        assert_eq!(number(Boolean, text), None, "{text:?}");
    }
    for text in ["NA", "NULL", "."] {
        assert_eq!(number(String, text), Some(Value::from(text)));
    }
    assert_eq!(number(String, "\"\""), Some(Value::Null));
}
