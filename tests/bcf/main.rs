//! BCF through the program: `check`, `import` and files as tables take it as they take its text,
//! with the numbers of records for places. Files of `bcftools` need it, and the corpus.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod coded;
#[path = "../common/mod.rs"]
mod common;

use std::path::Path;
use std::process::Command;

use common::bgzf;
use common::corpus::{corpus, files};
use common::needs::installed;
use common::program::Home;
use serde_json::Value;

const HEADER: &str = "##fileformat=VCFv4.2\n\
    ##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n\
    ##contig=<ID=1,length=100>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// A record of the contig without ID, QUAL and FILTER, with a depth; its position counts from 0.
fn record(position: i32, depth: u8) -> Vec<u8> {
    let mut shared = [0, position, 1, 0x7f80_0001].map(i32::to_le_bytes).concat();
    shared.extend([1, 0, 2, 0, 0, 0, 0, 0, 0x07, 0x17, b'A', 0x17, b'T', 0]);
    shared.extend([0x11, 1, 0x11, depth]);
    [&u32::try_from(shared.len()).unwrap().to_le_bytes()[..], &[0; 4], &shared].concat()
}

fn file(records: &[Vec<u8>]) -> Vec<u8> {
    let length = u32::try_from(HEADER.len() + 1).unwrap().to_le_bytes();
    [b"BCF\x02\x02", &length[..], HEADER.as_bytes(), b"\0", &records.concat()].concat()
}

#[test]
fn findings_name_records() {
    let home = Home::with_store("calls");
    let bytes = file(&[record(9, 5), record(-5, 6), record(9, 7)]);
    home.file("plain.bcf", &bytes);
    home.file("it.bcf", bgzf::file(&bytes, 60));
    for name in ["plain.bcf", "it.bcf"] {
        let said = home.run(["check", name, "--no-profile"]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.out.contains(&format!("{name}: record 2")), "{}", said.out);
        assert!(said.out.contains("first record"), "{}", said.out);
        assert!(said.out.contains("behind 4 lines of header"), "{}", said.out);
        let json = home.run(["check", name, "--no-profile", "--output", "json"]).out;
        let json: Value = serde_json::from_str(&json).unwrap();
        let first = &json["files"][0]["findings"][0];
        assert_eq!((&first["record"], &first["line"]), (&2.into(), &Value::Null));
        assert_eq!(json["files"][0]["coding"], "bcf");
    }
    let said = home.run(["import", "it.bcf", "--store", "calls"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("cannot be stored: 2"), "{}", said.err);
    let said = home.run(["import", "it.bcf", "--store", "calls", "--on-error", "skip"]);
    assert!(said.out.contains("2 rows into"), "{}", said.err);
    let sql = "SELECT \"$record\" AS r, start, info.dp AS d FROM XX ORDER BY 1";
    let stored = home.done(["query", &sql.replace("XX", "calls"), "--format", "csv"]);
    assert_eq!(stored, "r,start,d\n1,9,5\n3,9,7\n");
    let said = home.run(["query", &sql.replace("XX", "'it.bcf'"), "--format", "csv"]);
    assert_eq!(said.out, stored);
    assert!(said.err.contains("1 record is no row"), "{}", said.err);
    assert!(said.err.contains("the first, record 2"), "{}", said.err);
    let header = home.done(["version", "get", "calls", "calls", "--header"]);
    assert_eq!(header, HEADER);
}

#[test]
fn a_pipe_may_be_bcf() {
    let home = Home::with_store("calls");
    let bytes = bgzf::file(&file(&[record(9, 5)]), 60);
    let said = home.run_on(["check", "-"], bytes);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("1 record behind"), "{}", said.out);
}

#[test]
fn damage_ends_with_3_and_names_its_place() {
    let home = Home::with_store("calls");
    let whole = file(&[record(9, 5), record(10, 6)]);
    let cut = &whole[..whole.len() - 3];
    let mut other = whole.clone();
    let last = other.len() - 3;
    other[last] = 77;
    for (bytes, what) in [(cut, "is cut"), (&other[..], "is damaged")] {
        for bytes in [bytes.to_vec(), bgzf::file(bytes, 50)] {
            home.file("it.bcf", bytes);
            for command in [vec!["check", "it.bcf"], vec!["import", "it.bcf", "--store", "calls"]] {
                let said = home.run(&command);
                assert_eq!(said.code, 3, "{command:?}: {}", said.err);
                assert!(said.err.contains(what) && said.err.contains("record: 2"), "{}", said.err);
                assert!(said.err.contains("it.bcf"), "{}", said.err);
            }
        }
    }
    assert_eq!(
        home.done(["query", "SELECT count(*) FROM calls", "--format", "tsv"]),
        "count(*)\n0\n"
    );
}

#[test]
fn who_takes_no_variants_says_what_it_is() {
    let home = Home::new();
    home.file("it.bcf", file(&[]));
    for (command, what) in [
        (&["infer", "it.bcf"][..], "this is a VCF file"),
        (&["check", "it.bcf", "--store-format", "GFF"], "this is a BCF file"),
    ] {
        let said = home.run(command);
        assert_eq!(said.code, 3, "{}", said.err);
        assert!(said.err.contains(what), "{}", said.err);
    }
}

fn bcftools(arguments: &[&str]) -> bool {
    let output = Command::new("bcftools").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    output.status.success() && !said.lines().any(|it| it.starts_with("[E::"))
}

/// The rows of a file; none where it cannot be read.
fn rows(home: &Home, path: &str) -> Option<Vec<Value>> {
    let said = home.run(["query", &format!("SELECT * FROM '{path}'"), "--format", "ndjson"]);
    (said.code == 0).then(|| said.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect())
}

/// Whether values are the same, numbers as far as `bcftools` prints them: six digits.
fn alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, it)| alike(ours, it))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, ours)| theirs.get(key).is_some_and(|it| alike(ours, it)))
        }
        (Value::Number(ours), Value::Number(theirs)) => {
            is_near(ours.as_f64().unwrap(), theirs.as_f64().unwrap())
        }
        // Lists of numbers, as the text of a key.
        (Value::String(ours), Value::String(theirs)) if ours != theirs => {
            let numbers = |it: &str| it.split(',').map(str::parse::<f64>).collect::<Vec<_>>();
            let (ours, theirs) = (numbers(ours), numbers(theirs));
            ours.len() == theirs.len()
                && ours.iter().zip(&theirs).all(|(ours, it)| match (ours, it) {
                    (Ok(ours), Ok(it)) => is_near(*ours, *it),
                    _ => ours == it,
                })
        }
        _ => ours == theirs,
    }
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-5 * a.abs().max(b.abs()) || a.is_nan() && b.is_nan()
}

#[test]
fn files_of_bcftools_have_the_rows_that_it_prints() {
    let Some(corpus) = corpus() else { return };
    if !installed("bcftools") {
        return;
    }
    let home = Home::new();
    let (bcf, vcf) = (home.beside("it.bcf"), home.beside("it.vcf"));
    let [bcf, vcf] = [&bcf, &vcf].map(|it| it.to_str().unwrap());
    let mut compared = 0;
    let mut suites = files(&corpus.join("vcf-real"));
    for suite in ["bcftools", "htslib", "exon", "htsjdk"] {
        suites.extend(files(&corpus.join("vcf-conformance").join(suite)));
    }
    for path in suites.iter().filter(|it| is_small(it) && is_vcf(it)) {
        let path = path.to_str().unwrap();
        if !bcftools(&["view", "-Ob", "-o", bcf, path])
            || !bcftools(&["view", "-Ov", "-o", vcf, bcf])
        {
            continue;
        }
        let (Some(found), Some(expected)) = (rows(&home, bcf), rows(&home, vcf)) else { continue };
        assert_eq!(found.len(), expected.len(), "{path}");
        let other = found.iter().zip(&expected).find(|(found, expected)| !alike(found, expected));
        assert_eq!(other, None, "{path}");
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

fn is_small(path: &Path) -> bool {
    path.metadata().is_ok_and(|it| it.len() < 1 << 15)
}

fn is_vcf(path: &Path) -> bool {
    let name = path.to_str().unwrap();
    [".vcf", ".vcf.gz", ".bcf"].iter().any(|it| name.ends_with(it))
}
