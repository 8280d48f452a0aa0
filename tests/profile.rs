//! The profile that `check` ends with: what it counts, how it reads, and that other programs count
//! the same.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::Command;

use common::corpus::{corpus, files};
use common::needs::installed;
use common::program::Home;
use serde_json::{Value, json};

const HEADER: &str = "##fileformat=VCFv4.3
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">
##INFO=<ID=AN,Number=1,Type=Integer,Description=\"Alleles\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"Known\">
##INFO=<ID=NOTE,Number=1,Type=String,Description=\"Text\">
";

/// The file as `check` tells it in JSON.
fn checked(home: &Home, path: &Path, more: &[&str]) -> Value {
    let path = path.to_str().unwrap();
    let said = home.run(["check", path, "--output", "json"].iter().chain(more));
    let mut report: Value = serde_json::from_str(&said.out).unwrap();
    report["files"][0].take()
}

#[test]
fn a_vcf_file_is_counted_by_contig_allele_filter_and_key() {
    let home = Home::new();
    let file = home.file(
        "a.vcf",
        format!(
            "{HEADER}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t5\t.\tA\tG,T\t.\tPASS\tAF=0.5,.;AN=7;DB
1\t6\t.\tAC\tA\t.\tq10;s50\tAF=-1e-5;AN=.
2\t7\t.\tA\t.\t.\t.\tNEW=1;AN=x
"
        ),
    );
    let profile = &checked(&home, &file, &[])["profile"];
    let expected = json!({ "values": [{ "name": "1", "records": 2 }, { "name": "2", "records": 1 }],
        "records_of_other_values": 0 });
    assert_eq!(profile["contigs"], expected);
    let filters: Vec<_> = profile["filters"]["values"].as_array().unwrap().iter().collect();
    assert_eq!(filters.len(), 4, "{filters:?}");
    assert_eq!(profile["alleles"]["kinds"]["snv"], 2);
    assert_eq!(profile["alleles"]["kinds"]["deletion"], 1);
    assert_eq!(profile["alleles"]["transitions"], 1);
    assert_eq!(profile["alleles"]["multiallelic_records"], 1);
    assert_eq!(profile["alleles"]["records_without_alternate"], 1);
    let fields = json!([
        { "name": "AF", "filled": 2, "min": -1e-5, "max": 0.5 },
        // A missing value and one that does not fit are there, but are no numbers.
        { "name": "AN", "filled": 3, "min": 7.0, "max": 7.0 },
        { "name": "DB", "filled": 1 },
        { "name": "NOTE", "filled": 0 },
    ]);
    assert_eq!(profile["fields"], fields);
    assert_eq!(profile["undeclared"]["values"], json!([{ "name": "NEW", "records": 1 }]));
}

#[test]
fn a_tsv_file_is_counted_by_contig_and_column() {
    let home = Home::new();
    let file = home.file("a.tsv", "chr\tpos\tscore\tname\nchr1\t10\t0.1\tx\nchr2\t20\t\ty\n");
    let options = r#"{"annotationType":"CHR_POS","formatToHeader":{"CHR":"chr","POS":"pos"},
        "schema":[{"chr":"STRING"},{"pos":"INT"},{"score":"FLOAT"},{"name":"STRING"}]}"#;
    home.file("options.json", format!("{{\"tsvStoreOptions\":{options}}}"));
    let options = home.beside("options.json");
    let profile = &checked(&home, &file, &["--options", options.to_str().unwrap()])["profile"];
    let expected = json!([
        { "name": "chr", "filled": 2 },
        // Positions as they are stored, from zero on, with the end that the type adds.
        { "name": "pos", "filled": 2, "min": 9.0, "max": 19.0 },
        // A FLOAT of 32 bits reads as it was written.
        { "name": "score", "filled": 1, "min": 0.1, "max": 0.1 },
        { "name": "name", "filled": 2 },
        { "name": "end", "filled": 2, "min": 10.0, "max": 20.0 },
    ]);
    assert_eq!(profile["fields"], expected);
    assert_eq!(profile["contigs"]["values"].as_array().unwrap().len(), 2);
    assert!(profile.get("alleles").is_none());
}

#[test]
fn the_text_ends_with_the_profile_and_the_verdict() {
    let home = Home::new();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/demo/calls.vcf");
    let text = home.done(["check", demo.to_str().unwrap()]);
    let text = text.replace(demo.to_str().unwrap(), "calls.vcf");
    insta::assert_snapshot!(text, @r"
    contigs     chr1 2, chr7 1, chr13 2, chr17 3
    alleles     snv 9 (ts/tv 2.00), deletion 1
                2 records (25.0 %) with several alternate alleles
    filters     PASS 7, q20 1
    samples     1
    fields      name   filled  range
                DP      100 %  11 to 39
    calls.vcf: 8 records in 21 lines; 0 errors and 0 warnings: the service would import it
    ");
    let bare = home.done(["check", "--no-profile", demo.to_str().unwrap()]);
    assert_eq!(bare.lines().count(), 1, "{bare}");
}

/// The numbers of `bcftools stats`: no-ALTs, multiallelic sites, transitions, transversions, and
/// records with an SNV.
fn stats(path: &Path) -> Option<[u64; 5]> {
    let output = Command::new("bcftools").arg("stats").arg(path).output().unwrap();
    if !output.status.success() || !output.stderr.is_empty() {
        return None;
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let number = |line: &str, column: usize| {
        let line = text.lines().find(|it| it.starts_with(line)).unwrap();
        line.split('\t').nth(column).unwrap().parse().unwrap()
    };
    Some([
        number("SN\t0\tnumber of no-ALTs:", 3),
        number("SN\t0\tnumber of multiallelic sites:", 3),
        number("TSTV", 2),
        number("TSTV", 3),
        number("SN\t0\tnumber of SNPs:", 3),
    ])
}

#[test]
fn bcftools_counts_the_same_in_real_files() {
    let Some(corpus) = corpus() else { return };
    if !installed("bcftools") {
        return;
    }
    let home = Home::new();
    let (mut compared, mut different) = (0, Vec::new());
    for path in files(&corpus.join("vcf-real")) {
        let name = path.to_str().unwrap();
        if ![".vcf", ".vcf.gz"].iter().any(|it| name.ends_with(it)) {
            continue;
        }
        let Some(expected) = stats(&path) else { continue };
        let report = checked(&home, &path, &["--store-format", "vcf"]);
        if report["rejected_lines"] != 0 || report["records"] == 0 {
            continue;
        }
        let alleles = &report["profile"]["alleles"];
        let number = |it: &str| alleles[it].as_u64().unwrap();
        let [without, several, transitions, transversions, snv_records] = expected;
        let mut agrees = number("records_without_alternate") == without
            && number("multiallelic_records") == several;
        // bcftools looks for transitions at the first base of REF only: GC>GG is an SNV without a
        // kind there.
        if transitions + transversions >= snv_records {
            agrees &= number("transitions") == transitions;
            agrees &= number("transversions") == transversions;
        }
        compared += 1;
        if !agrees {
            let found = alleles.to_string();
            different.push(format!("{name}: {found}, bcftools {expected:?}"));
        }
    }
    assert!(different.is_empty(), "{different:#?}");
    assert!(compared >= 15, "{compared}");
}
