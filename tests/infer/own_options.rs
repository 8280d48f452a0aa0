//! What `check` says of a file that is read with the options that were found for it.

use std::fs;
use std::process::Command;

use annostore::check::{CheckOptions, check};
use annostore::infer::infer;
use annostore::model::{AnnotationType, ReadOptions};
use annostore::read::tsv::TsvReading;

use crate::{of, pipe, schema};

/// The findings, as `line CODE message`.
pub fn findings(name: &str, content: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let path = path.to_str().unwrap();
    let found = infer(path, &pipe(), false).unwrap();
    checked(path, &TsvReading::new(found.store, Some(&found.read)).unwrap())
}

fn checked(path: &str, reading: &TsvReading) -> Vec<String> {
    let report = check(path, &pipe(), reading, &CheckOptions::default()).unwrap();
    let kept = report.findings.kept().iter();
    kept.map(|it| format!("{} {} {}", it.at.line, it.rule.code, it.message)).collect()
}

#[test]
fn names_that_were_made_legal_are_those_of_the_header() {
    for header in [
        "#chr\tpos(1-based)\t1000Gp3_AF\tEigen-PC-raw",
        "chrom\tpos\tend\tinformation",
        "Chrom\tPos\tGroups\tGroups",
        "chrom\tpos\t\tnull",
    ] {
        let text = format!("{header}\n1\t5\t0.1\t0.2\n1\t6\t0.1\t0.5\n");
        assert_eq!(findings("a.tsv", &text), [""; 0], "{header}");
    }
}

#[test]
fn names_of_rows_and_trailing_separators_move_no_column() {
    let by_r = "chr\tstart\tend\tscore\n1\tchr1\t10\t20\t0.5\n2\tchr2\t30\t40\t0.7\n";
    assert_eq!(findings("a.tsv", by_r), [""; 0]);
    let found = of(by_r);
    assert_eq!(schema(&found), "row_name INT, chr STRING, start INT, end INT, score DOUBLE");
}

#[test]
fn a_comment_that_nothing_declares_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tsv");
    fs::write(&path, "## a tool wrote this\n#Chrom\tPos\n1\t5\n2\t6\n").unwrap();
    let path = path.to_str().unwrap();
    let store = infer(path, &pipe(), false).unwrap().store;
    let defaults = TsvReading::new(store.clone(), None).unwrap();
    let found = checked(path, &defaults);
    assert!(found[0].starts_with("1 TSV015 ") && found[0].contains("comment `#`"), "{found:?}");
    assert!(found[1].starts_with("2 TSV102 "), "{found:?}");
    let declared =
        ReadOptions { sep: Some("\t".into()), comment: Some("#".into()), ..ReadOptions::default() };
    assert_eq!(checked(path, &TsvReading::new(store, Some(&declared)).unwrap()), [""; 0]);
}

/// Findings with a store of another annotation type.
fn as_type(content: &str, kind: AnnotationType) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tsv");
    fs::write(&path, content).unwrap();
    let path = path.to_str().unwrap();
    let mut found = infer(path, &pipe(), false).unwrap();
    found.store.annotation_type = kind;
    checked(path, &TsvReading::new(found.store, Some(&found.read)).unwrap())
}

#[test]
fn a_store_that_counts_from_elsewhere_is_told() {
    use AnnotationType as Kind;
    let zero = "chrom\tstart\tend\tref\talt\n1\t99\t100\tA\tG\n1\t199\t202\tCTT\tC\n";
    let one = "chrom\tstart\tend\tref\talt\n1\t99\t99\tA\tG\n1\t199\t201\tCTT\tC\n";
    for (content, kind, other) in [
        (zero, Kind::ChrStartEndRefAltZeroBase, Kind::ChrStartEndRefAltOneBase),
        (one, Kind::ChrStartEndRefAltOneBase, Kind::ChrStartEndRefAltZeroBase),
    ] {
        assert_eq!(as_type(content, kind), [""; 0]);
        let found = as_type(content, other);
        assert!(found.len() == 1 && found[0].starts_with("2 TSV123 2 rows are"), "{found:?}");
    }
    let singles = "chrom\tstart\tend\n1\t5\t5\n1\t7\t7\n";
    assert!(as_type(singles, Kind::ChrStartEndZeroBase)[0].contains("end where they start"));
    assert_eq!(as_type(singles, Kind::ChrStartEndOneBase), [""; 0]);
}

#[test]
fn a_repeated_header_is_found_whatever_the_types() {
    let typed = findings("a.tsv", "gene\tn\nA\t1\ngene\tn\nB\t2\n");
    assert!(typed[0].starts_with("3 TSV102 ") && typed[0].ends_with("repeated here"), "{typed:?}");
    let texts = "gene\tnote\nA\tx\ngene\tnote\nB\ty\ngene\tnote\n";
    let found = findings("a.tsv", texts);
    assert_eq!(
        found,
        ["3", "5"].map(|it| format!("{it} TSV124 the header is repeated here, and is a row"))
    );
}

#[test]
fn a_table_under_any_name_is_called_one_where_nothing_says_how_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, what) in [
        ("a.assoc", " CHR  SNP  BP\n   1  rs1   5\n   1  rs2   6\n", "a TSV or CSV file"),
        ("a.fam", "F1 I1 0 0 1 2\nF2 I2 0 0 2 1\n", "a TSV or CSV file"),
        ("a.stats", "chr;pos\n1;5\n", "a TSV or CSV file"),
        ("a.seg", "ID\tchrom\tstart\tend\nS1\t1\t100\t2000\t10\t0.5\n", "a TSV or CSV file"),
        ("a.places", "chr1\t100\t200\n", "a BED file"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_annostore"));
        let output = command.arg("check").arg(&path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(what) && said.contains("annostore infer"), "{said}");
    }
}

#[test]
fn a_tab_behind_a_row_of_gff_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gff3");
    fs::write(&path, "##gff-version 3\n1\tx\tgene\t5\t9\t.\t+\t.\tID=a\t\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_annostore"));
    let output = command.arg("check").arg(&path).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("not 9; the line ends in a tab: take it off"), "{said}");
}
