//! `annostore diff`: two versions of a store, row by row.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;

use std::collections::BTreeMap;

use common::program::{Home, Said};
use common::random::Random;
use serde_json::{Value, json};

const HEADER: &str = "##fileformat=VCFv4.2\n##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">\n\
    ##INFO=<ID=TX,Number=1,Type=String,Description=\"t\">\n##contig=<ID=1>\n##contig=<ID=2>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// A home with a store `calls`, whose versions hold these records.
fn home(versions: &[(&str, &str)]) -> Home {
    let home = Home::with_store("calls");
    for (version, records) in versions {
        home.done(["version", "create", "calls", "--version-name", version]);
        let name = format!("{version}.vcf");
        home.file(&name, format!("{HEADER}{records}"));
        let into = ["--store", "calls", "--version", version, "--allow-empty"];
        home.done(["import", name.as_str()].into_iter().chain(into));
    }
    home
}

const BEFORE: &str = "1\t5\trs1\tA\tC\t1\tPASS\tAF=0.1;TX=a\n1\t9\t.\tG\tT\t.\t.\tAF=0.5\n\
    2\t7\t.\tA\tC,G\t.\t.\tAF=0.1,0.2\n2\t9\t.\tA\tC\t.\t.\t.\n";
const AFTER: &str = "1\t5\trs1\tA\tC\t1\tPASS\tAF=0.2;TX=a\n1\t9\trs2\tG\tT\t.\t.\tAF=0.6\n\
    2\t7\t.\tA\tC,G\t.\t.\tAF=0.1,0.2\n2\t8\t.\tA\tC\t.\t.\t.\n";

fn rows(said: &Said) -> Vec<Value> {
    said.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
fn what_was_added_removed_and_changed_is_told_with_its_columns() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let said = home.run(["diff", "calls.first", "calls.second"]);
    assert_eq!(said.code, 1, "{}", said.err);
    for line in ["added 1", "removed 1", "changed 2", "same 1", "info.af 2", "names 1"] {
        let words = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.out.lines().any(|it| words(it) == line), "{line}\n{}", said.out);
    }
    let said = home.run(["diff", "calls.first", "calls.second", "--format", "ndjson"]);
    assert_eq!(said.code, 1);
    let rows = rows(&said);
    let kinds: Vec<_> = rows.iter().map(|it| it["difference"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["changed", "changed", "added", "removed"]);
    assert_eq!(rows[0]["columns"], json!(["info.af"]));
    assert_eq!(rows[0]["before"], json!({"info.af": "[0.1]"}));
    assert_eq!(rows[0]["after"], json!({"info.af": "[0.2]"}));
    assert_eq!(rows[1]["columns"], json!(["names", "info.af"]));
    assert_eq!((&rows[2]["contigname"], &rows[2]["start"]), (&json!("2"), &json!(7)));
    assert!(said.err.contains("info.af"), "{}", said.err);
}

#[test]
fn the_code_is_0_where_nothing_differs_or_nobody_minds() {
    let home = home(&[("first", BEFORE), ("again", BEFORE), ("second", AFTER), ("none", "")]);
    let code = |arguments: &[&str]| home.run(["diff"].iter().chain(arguments)).code;
    assert_eq!(code(&["calls.first", "calls.again"]), 0);
    assert_eq!(code(&["calls.none", "calls.none"]), 0);
    assert_eq!(code(&["calls.first", "calls.second", "--exit-zero"]), 0);
    assert_eq!(code(&["calls.first", "calls.second", "--region", "2:1-7"]), 0);
    assert_eq!(code(&["calls.first", "calls.second", "--region", "1"]), 1);
    assert_eq!(code(&["calls.first", "calls.none"]), 1);
    assert_eq!(code(&["calls.first", "calls.absent"]), 4);
    assert_eq!(code(&["calls.first", "calls.second", "--key", "absent"]), 2);
    assert_eq!(code(&["calls.first", "calls.second", "-o", "it.vcf"]), 2);
}

#[test]
fn a_key_may_be_any_columns() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let count = |key: &str| {
        let diff = ["diff", "calls.first", "calls.second", "--format", "ndjson", "--key", key];
        let mut kinds = BTreeMap::new();
        for row in rows(&home.run(diff)) {
            *kinds.entry(row["difference"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        kinds.into_iter().collect::<Vec<_>>()
    };
    let pairs =
        |it: &[(&str, i32)]| it.iter().map(|(a, b)| ((*a).to_owned(), *b)).collect::<Vec<_>>();
    assert_eq!(count("all"), pairs(&[("added", 3), ("removed", 3)]));
    assert_eq!(count("contigname,referenceallele"), pairs(&[("changed", 3)]));
    assert_eq!(count("variant"), pairs(&[("added", 1), ("changed", 2), ("removed", 1)]));
}

#[test]
fn differences_are_written_to_files() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let said = home.run(["diff", "calls.first", "calls.second", "-o", "it.csv"]);
    assert!(said.code == 1 && said.out.contains("changed"), "{}", said.err);
    let csv = std::fs::read_to_string(home.beside("it.csv")).unwrap();
    assert!(csv.starts_with("difference,contigname,start,end,"), "{csv}");
    assert_eq!(csv.lines().count(), 5, "{csv}");
}

#[test]
fn rows_without_a_place_are_compared_as_a_whole() {
    let home = Home::new();
    let request = json!({
        "name": "genes", "storeFormat": "TSV",
        "storeOptions": {"tsvStoreOptions": {"annotationType": "GENERIC",
            "schema": [{"gene": "STRING"}, {"score": "LONG"}]}},
    });
    home.file("store.json", request.to_string());
    home.done(["store", "create", "--request", "store.json", "--version-name", "first"]);
    home.done(["version", "create", "genes", "--version-name", "second"]);
    for (version, rows) in [("first", "A\t1\nB\t2\nB\t2\n"), ("second", "B\t2\nC\t3\nA\t1\n")] {
        home.file("it.tsv", format!("gene\tscore\n{rows}"));
        home.done(["import", "it.tsv", "--store", "genes", "--version", version]);
    }
    let said = home.run(["diff", "genes.first", "genes.second", "--format", "ndjson"]);
    let found: Vec<_> =
        rows(&said).iter().map(|it| (it["difference"].clone(), it["gene"].clone())).collect();
    assert_eq!(found, [("removed".into(), "B".into()), ("added".into(), "C".into())]);
}

/// Random versions against a map of their records.
#[test]
fn counts_are_those_of_a_look_at_every_record() {
    let mut random = Random::seeded(7);
    let mut records = || {
        let mut records = BTreeMap::new();
        for _ in 0..300 {
            let key = (1 + random.below(2), 1 + random.below(40_000) * 7_000, random.below(2));
            records.insert(key, random.below(3));
        }
        records
    };
    let (before, after) = (records(), records());
    let mut second = before.clone();
    for (key, value) in after.iter().take(150) {
        second.insert(*key, *value);
    }
    second.retain(|key, _| key.1 / 7_000 % 5 > 0);
    let text = |records: &BTreeMap<(usize, usize, usize), usize>| {
        let line = |((contig, position, allele), value): (&(usize, usize, usize), &usize)| {
            let allele = ["C", "G"][*allele];
            format!("{contig}\t{position}\t.\tA\t{allele}\t.\t.\tAF=0.{value}\n")
        };
        records.iter().map(line).collect::<String>()
    };
    let home = home(&[("first", &text(&before)), ("second", &text(&second))]);
    let said = home.run(["diff", "calls.first", "calls.second", "--format", "ndjson"]);
    let count = |kind: &str| rows(&said).iter().filter(|it| it["difference"] == kind).count();
    let added = second.keys().filter(|it| !before.contains_key(it)).count();
    let removed = before.keys().filter(|it| !second.contains_key(it)).count();
    let changed =
        before.iter().filter(|it| second.get(it.0).is_some_and(|now| now != it.1)).count();
    assert_eq!((count("added"), count("removed"), count("changed")), (added, removed, changed));
    assert!(added > 50 && removed > 20);
}

#[test]
fn a_default_version_is_what_the_bare_name_means() {
    let home = home(&[("first", BEFORE), ("none", "")]);
    let count = || home.done(["query", "SELECT count(*) AS n FROM calls", "--format", "csv"]);
    assert_eq!(count(), "n\n0\n");
    let told = home.done(["store", "update", "calls", "--default-version", "first"]);
    assert_eq!(told, "calls means calls.first from now on\n");
    assert_eq!(count(), "n\n4\n");
    assert!(home.done(["version", "list", "calls"]).ends_with("default version: first\n"));
    assert_eq!(home.run(["diff", "calls", "calls.first"]).code, 0);
    let said = home.run(["store", "update", "calls", "--default-version", "absent"]);
    assert!(said.code == 4 && said.err.contains("no such version"), "{}", said.err);
    let said = home.run(["version", "delete", "calls", "first"]);
    assert!(said.err.contains("store update calls --default-version"), "{}", said.err);
    let said = home.run(["query", "SELECT count(*) FROM calls"]);
    assert!(said.code == 4 && said.err.contains("--default-version"), "{}", said.err);
    home.done(["store", "update", "calls", "--default-version", "none"]);
    assert_eq!(count(), "n\n0\n");
}
