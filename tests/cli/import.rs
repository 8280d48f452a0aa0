//! `annostore import`: rejected files, and lines that are left out.

use std::fs;

use serde_json::Value;

use crate::common::program::Home;
use crate::{SOUND, STORE, check_refusal, check_untouched};

/// Lines that cannot be stored: too few fields, no position, a byte that is no UTF-8, a carriage
/// return.
const BAD: [&[u8]; 3] =
    [b"chr1\t30\tonly\n", b"chr1\tten\tcaf\xe9\tA\tC\t.\t.\tDP=3\r\n", b"garbage\r\n"];

fn mixed() -> Vec<u8> {
    [SOUND.as_bytes(), BAD[0], b"chr1\t40\tc\tA\tC\t.\tPASS\tDP=4\n", BAD[1], BAD[2]].concat()
}

fn header() -> String {
    SOUND.split_inclusive('\n').take(3).collect()
}

fn last_job(home: &Home) -> Value {
    let jobs = home.json(&["job", "list", "--json"]);
    let id = jobs["annotationImportJobs"][0]["id"].as_str().unwrap().to_owned();
    home.json(&["job", "get", &id, "--json"])
}

fn rows(home: &Home) -> String {
    let sql = format!("SELECT count(*) FROM {STORE}");
    home.done(["query", &sql, "--format", "csv"]).lines().nth(1).unwrap().to_owned()
}

#[test]
fn a_file_with_several_samples_says_how_many_rows_a_record_makes() {
    let home = Home::with_store(STORE);
    let text = "##fileformat=VCFv4.2\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">\n\
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2\tS3\n\
        1\t10\t.\tA\tC\t.\t.\t.\tGT\t0/1\t1|1\t.\n";
    home.file("three.vcf", text);
    let said = home.run(["import", "three.vcf", "--store", STORE]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("3 samples; every record becomes 3 rows"), "{}", said.err);
    assert_eq!(rows(&home), "3");
    let quiet = home.run(["import", "-q", "three.vcf", "--store", STORE]);
    assert!(quiet.err.is_empty(), "{}", quiet.err);
    let checked = home.run(["check", "three.vcf"]);
    assert!(checked.out.contains("note[VCF301]"), "{}", checked.out);
}

/// 30 kB for each of 100,000 samples are more than one array holds.
#[test]
fn a_record_that_is_too_much_for_its_samples_is_refused_in_words() {
    let home = Home::with_store(STORE);
    let samples: Vec<String> = (0..100_000).map(|it| it.to_string()).collect();
    let text = format!(
        "##fileformat=VCFv4.2\n##INFO=<ID=LONG,Number=1,Type=String,Description=\"x\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}\n\
         1\t10\t.\tA\tC\t.\t.\tLONG={}\tGT{}\n",
        samples.join("\t"),
        "x".repeat(30_000),
        "\t.".repeat(100_000)
    );
    home.file("wide.vcf", text);
    let said = home.run(["import", "-q", "wide.vcf", "--store", STORE]);
    check_refusal(
        &said,
        3,
        "3000000000 bytes or values in the 100000 rows of a record",
        "wide.vcf",
    );
    assert!(said.err.contains("`bcftools view -G`"), "{}", said.err);
    check_untouched(&home);
}

#[test]
fn a_rejected_file_stores_nothing_and_the_job_tells_where() {
    let home = Home::with_store(STORE);
    home.file("mixed.vcf", mixed());
    let said = home.run(["import", "mixed.vcf", "--store", STORE]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("VCF101") && said.out.contains("mixed.vcf:6:"), "{}", said.out);
    assert!(
        said.err.contains("nothing was stored") && said.err.contains("--on-error skip"),
        "{}",
        said.err
    );
    let job = last_job(&home);
    assert_eq!(job["status"], "FAILED");
    let message = job["statusMessage"].as_str().unwrap();
    assert!(message.contains("mixed.vcf:6:13: the record has 3 fields"), "{message}");
    assert_eq!(rows(&home), "0");
    assert!(home.files("data").is_empty() && home.files("staging").is_empty());
    let reports = home.files("reports");
    assert_eq!(reports.len(), 2, "one for programs, one for people: {reports:?}");
    let report = fs::read_to_string(home.path().join(&reports[0])).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["schema_version"], 1);
}

#[test]
fn lines_that_are_left_out_are_kept_byte_for_byte() {
    let home = Home::with_store(STORE);
    home.file("mixed.vcf", mixed());
    let said = home.run(["import", "mixed.vcf", "--store", STORE, "--on-error", "skip"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("3 rows into variants.variants"), "{}", said.out);
    let job = last_job(&home);
    assert_eq!(job["status"], "COMPLETED_WITH_FAILURES", "{job}");
    assert!(job["statusMessage"].as_str().unwrap().contains("mixed.vcf:6:13"), "{job}");
    let rejected = format!("reports/{}/rejected.vcf", job["id"].as_str().unwrap());
    assert!(home.files("reports").contains(&rejected), "{:?}", home.files("reports"));
    assert!(said.err.contains(&rejected), "{}", said.err);
    assert_eq!(fs::read(home.path().join(rejected)).unwrap(), BAD.concat());
    assert_eq!(rows(&home), "3");
    assert!(home.files("staging").is_empty());
}

#[test]
fn a_job_shows_where_its_report_and_rejected_lines_are() {
    let home = Home::with_store(STORE);
    home.file("sound.vcf", SOUND);
    home.done(["import", "sound.vcf", "--store", STORE]);
    let shown = |home: &Home| {
        let id = last_job(home)["id"].as_str().unwrap().to_owned();
        home.done(["job", "get", &id])
    };
    let sound = shown(&home);
    assert!(!sound.contains("report") && !sound.contains("rejected lines in"), "{sound}");
    home.file("mixed.vcf", mixed());
    home.run(["import", "mixed.vcf", "--store", STORE, "--on-error", "skip"]);
    let (mixed, left) = (shown(&home), home.files("reports"));
    assert_eq!(left.len(), 3, "{left:?}");
    for path in left.into_iter().filter(|it| !it.ends_with("report.txt")) {
        let line = format!("  {}\n", home.path().join(path).display());
        assert!(mixed.contains(&line), "{mixed}");
    }
}

#[test]
fn a_sound_file_is_imported_with_or_without_skip() {
    let home = Home::with_store(STORE);
    home.file("sound.vcf", SOUND);
    for on_error in ["fail", "skip"] {
        let out = home.done(["import", "sound.vcf", "--store", STORE, "--on-error", on_error]);
        assert!(out.starts_with("sound.vcf: 2 rows into variants.variants in "), "{out}");
        assert_eq!(last_job(&home)["status"], "COMPLETED");
    }
    assert_eq!(rows(&home), "4");
    assert!(home.files("reports").is_empty() && home.files("staging").is_empty());
}

#[test]
fn a_file_of_bad_lines_alone_fails_unless_it_may_be_empty() {
    let home = Home::with_store(STORE);
    home.file("bad.vcf", [header().as_bytes(), &BAD.concat()].concat());
    let skip = ["import", "bad.vcf", "--store", STORE, "--on-error", "skip"];
    let said = home.run(skip);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("none of its 3 lines can be stored: 4, 5, 6 (job"), "{}", said.err);
    assert_eq!(last_job(&home)["status"], "FAILED");
    let said = home.run(skip.iter().chain(&["--allow-empty"]));
    assert_eq!(said.code, 1, "{}", said.err);
    assert_eq!(last_job(&home)["status"], "COMPLETED_WITH_FAILURES");
    assert_eq!(rows(&home), "0");
    assert!(home.files("data").is_empty());
}

#[test]
fn a_file_without_rows_fails_unless_it_may_be_empty() {
    let home = Home::with_store(STORE);
    let options = r#"{"tsvStoreOptions": {"annotationType": "GENERIC", "schema": [{"a": "INT"}]}}"#;
    home.done(
        ["store", "create", "--name", "table", "--store-format", "TSV"]
            .iter()
            .chain(&["--store-options", options]),
    );
    let gff = ["store", "create", "--name", "genes", "--store-format", "GFF"];
    home.done(gff.iter().chain(&["--reference-arn", "arn:x"]));
    let texts = [(STORE, "no.vcf", header()), ("table", "no.tsv", "a\n".to_owned())];
    let gff = ("genes", "no.gff3", "##gff-version 3\n".to_owned());
    for (store, file, text) in texts.into_iter().chain([gff]) {
        home.file(file, text);
        let said = home.run(["import", file, "--store", store]);
        assert_eq!(said.code, 1, "{}", said.err);
        assert!(said.out.contains("FILE003"), "{}", said.out);
        let job = last_job(&home);
        assert_eq!(job["status"], "FAILED", "{job}");
        assert!(job["statusMessage"].as_str().unwrap().contains("there are no "), "{job}");
        assert!(said.err.contains("it has no rows") && said.err.contains("--allow-empty"));
        let out = home.done(["import", file, "--store", store, "--allow-empty"]);
        assert!(out.contains(": 0 rows into "), "{out}");
        assert_eq!(last_job(&home)["status"], "COMPLETED");
    }
}

#[test]
fn a_flood_of_one_finding_hides_no_other_and_rejections_come_first() {
    let home = Home::with_store(STORE);
    let flood = "chr1\t30\t.\tA\tC\t.\t.\tX=1\n".repeat(3000);
    let text = [SOUND.as_bytes(), flood.as_bytes(), BAD[0], BAD[0]].concat();
    home.file("flood.vcf", text);
    let said = home.run(["import", "flood.vcf", "--store", STORE]);
    assert_eq!(said.code, 1, "{}", said.err);
    let drawn: Vec<_> = said.out.lines().filter(|it| it.contains('[')).collect();
    assert!(drawn[0].contains("VCF101") && drawn[1].contains("VCF108"), "{}", said.out);
    let first_row = said.out.lines().skip_while(|it| !it.starts_with("rule ")).nth(1).unwrap();
    assert!(first_row.starts_with("VCF101"), "{first_row}");
    assert!(said.err.contains("2 lines cannot be stored: 3006, 3007 (job"), "{}", said.err);
    let job = last_job(&home);
    let id = job["id"].as_str().unwrap();
    assert!(job["statusMessage"].as_str().unwrap().contains("flood.vcf:3006:"), "{job}");
    let rest = format!("the first 1,002 findings: `annostore job report {id} --json`");
    assert!(said.out.contains(&rest), "{}", said.out);
    let whole = home.json(&["job", "report", id, "--json"]);
    let kept = whole["files"][0]["findings"].as_array().unwrap();
    assert_eq!(kept.iter().filter(|it| it["rule"] == "VCF101").count(), 2);
    let checked = home.run(["check", "flood.vcf", "--max-findings", "3"]);
    let rest = " findings: `annostore check flood.vcf --output json`";
    assert!(checked.out.contains("VCF101") && checked.out.contains(rest), "{}", checked.out);
}

#[test]
fn the_same_bytes_are_told_before_they_are_imported_again() {
    let home = Home::with_store(STORE);
    for name in ["a.vcf", "b.vcf"] {
        home.file(name, SOUND);
    }
    home.file("c.vcf", SOUND.replace("DP=2", "DP=3"));
    let import = |file: &str| {
        let said = home.run(["import", file, "--store", STORE]);
        assert_eq!(said.code, 0, "{}", said.err);
        said.err
    };
    assert_eq!(import("a.vcf"), "");
    let first = last_job(&home)["id"].as_str().unwrap().to_owned();
    assert_eq!(import("c.vcf"), "", "as long, but other bytes");
    let said = import("b.vcf");
    let told = format!("warning: the version has these bytes already, by job {first}");
    assert!(said.starts_with(&told) && said.contains("\nhelp: "), "{said}");
    assert_eq!(rows(&home), "6");
    home.done(["version", "create", STORE, "--version-name", "other"]);
    let said = home.run(["import", "a.vcf", "--store", STORE, "--version", "other"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "another version");
}

#[test]
fn an_import_from_standard_input_is_as_one_from_a_file() {
    let home = Home::with_store(STORE);
    let said = home.run_on(["import", "-", "--store", STORE], SOUND.into());
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(rows(&home), "2");
}
