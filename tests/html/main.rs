//! The page that `check --output html` writes: well-formed, whatever the file has; small, however
//! many findings there are; with the figures of the JSON; and good in a browser.
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;
mod page;

use std::path::Path;
use std::process::Command;

use annostore::check::{CheckOptions, check};
use annostore::diagnostic::Findings;
use annostore::diagnostic::profile::Counts;
use annostore::diagnostic::render::{FORMS, Style};
use annostore::diagnostic::report::Report;
use annostore::diagnostic::rules::RULES;
use annostore::{DEFAULT_CHUNK_BYTES, Pipe, VcfReading};
use common::needs::{installed, skipped};
use common::program::Home;
use page::{Table, tables};
use serde_json::Value;

const MISTAKES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/mistakes.vcf");
const CALLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/calls.vcf");

/// A file with something of everything that the page draws.
const RICH: &str = "##fileformat=VCFv4.3
##contig=<ID=1,length=1000>
##contig=<ID=2,length=500>
##FILTER=<ID=q10,Description=\"d\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"d\">
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t10\t.\tA\tG\t10\tPASS\tAF=0.00005;DP=3
1\t20\t.\tA\tT,AC\t20.5\tPASS\tAF=0.25,0.5
1\t30\t.\tACC\tA\t30\tq10\tAF=1
1\t25\t.\tC\tT\t.\tPASS\tDP=x
2\t5\t.\tC\tT\t3000\tPASS\tNEW=1
2\t5\t.\tC\tT\tx\tPASS\tAF=2
";

fn html(home: &Home, paths: &[&str]) -> String {
    home.run(["check", "--output", "html"].iter().chain(paths)).out
}

fn json(home: &Home, path: &str) -> Value {
    let said = home.run(["check", "--output", "json", path]);
    serde_json::from_str::<Value>(&said.out).unwrap()["files"][0].take()
}

#[track_caller]
fn table<'a>(tables: &'a [Table], caption: &str) -> &'a Table {
    let found = tables.iter().find(|it| it.caption == caption);
    found.unwrap_or_else(|| panic!("no table {caption}"))
}

/// A number as people read it.
fn grouped(number: &Value) -> String {
    annostore::diagnostic::render::number::grouped(number.as_u64().unwrap())
}

#[test]
fn figures_are_those_of_the_json() {
    let home = Home::new();
    let rich = home.file("rich.vcf", RICH);
    for path in [rich.to_str().unwrap(), MISTAKES, CALLS] {
        let (tables, report) = (tables(&html(&home, &[path])), json(&home, path));
        let rules = report["rules"].as_array().unwrap();
        for rule in rules {
            let kinds = table(&tables, "Kinds of findings, the worst first");
            let row = kinds.row(rule["rule"].as_str().unwrap());
            assert_eq!(
                [&row[1], &row[2]],
                [rule["severity"].as_str().unwrap(), &grouped(&rule["count"])]
            );
        }
        let profile = &report["profile"];
        for contig in profile["contigs"]["values"].as_array().unwrap() {
            let row = table(&tables, "Records by contig").row(contig["name"].as_str().unwrap());
            assert_eq!(row[1], grouped(&contig["records"]));
        }
        for (kind, count) in profile["alleles"]["kinds"].as_object().unwrap() {
            if count != 0 {
                assert_eq!(table(&tables, "Kinds of alleles").row(kind)[1], grouped(count));
            }
        }
        for field in profile["fields"].as_array().unwrap().iter().filter(|it| it["filled"] != 0) {
            let missing = report["records"].as_u64().unwrap() - field["filled"].as_u64().unwrap();
            let row =
                table(&tables, "Missing values by field").row(field["name"].as_str().unwrap());
            assert_eq!(row[1], missing.to_string());
        }
    }
}

#[test]
fn histograms_have_what_the_json_has() {
    let home = Home::new();
    let rich = home.file("rich.vcf", RICH);
    let path = rich.to_str().unwrap();
    let (tables, report) = (tables(&html(&home, &[path])), json(&home, path));
    let profile = &report["profile"];
    for (caption, bins, total) in [
        ("QUAL", &profile["quality"]["bins"], 4),
        ("Allele frequencies", &profile["allele_frequencies"]["bins"], 4),
        ("Indel lengths", &profile["alleles"]["indel_lengths"], 2),
    ] {
        let counts: Vec<String> =
            bins.as_array().unwrap().iter().map(|it| grouped(&it["count"])).collect();
        let shown: Vec<&String> =
            table(&tables, caption).rows.iter().skip(1).map(|it| &it[1]).collect();
        assert_eq!(shown, counts.iter().collect::<Vec<_>>(), "{caption}");
        let sum: u64 = counts.iter().map(|it| it.parse::<u64>().unwrap()).sum();
        assert_eq!(sum, total, "{caption}");
    }
    assert_eq!(profile["quality"]["missing"], 2);
    assert_eq!(profile["allele_frequencies"]["outside"], 1);
}

#[test]
fn every_finding_on_a_line_is_in_the_plots() {
    let home = Home::new();
    let rich = home.file("rich.vcf", RICH);
    let tables = tables(&html(&home, &[rich.to_str().unwrap()]));
    let report = json(&home, rich.to_str().unwrap());
    for rule in report["rules"].as_array().unwrap() {
        let row = table(&tables, "Along the file").row(rule["rule"].as_str().unwrap());
        assert_eq!(row[1], grouped(&rule["count"]));
    }
    // Of record 4, which comes after one further down, and of records 4 to 6 of contigs 1 and 2.
    let contigs = table(&tables, "Along the contigs");
    let found = |contig: &str| contigs.row(contig)[1..].iter().map(|it| it.parse::<u64>().unwrap());
    assert!(found("1").sum::<u64>() >= 2 && found("2").sum::<u64>() >= 3, "{contigs:?}");
}

#[test]
fn texts_of_the_file_are_no_markup() {
    let home = Home::new();
    let evil = "<script>alert('x')</script><img/src=x\"onerror=alert(1)>&amp;]]>";
    let text = RICH
        .replace("NEW=1", &format!("{evil}={evil}"))
        .replace("2\t5\t", &format!("{evil}\t5\t"))
        .replace("PASS", evil)
        .replace("ID=q10,Description=\"d\"", &format!("ID={evil},Description=\"{evil}\""))
        .replace("INFO\n1", &format!("INFO\tFORMAT\t{evil}\n1"));
    let file = home.file("a<b>&'\"c.vcf", text);
    let page = html(&home, &[file.to_str().unwrap(), CALLS]);
    tables(&page);
    assert!(
        page.contains("&#60;script&#62;alert") || page.contains("&lt;script&gt;alert"),
        "{page}"
    );
    for markup in
        ["<script", "<img", "onerror=alert(1)>", "]]>&amp;amp;", "http://", "https://", "url("]
    {
        let page = page.replace("http://www.w3.org/", "");
        assert!(!page.contains(markup), "{markup}");
    }
}

#[test]
fn several_files_are_side_by_side() {
    let home = Home::new();
    let missing = home.beside("absent.vcf.gz");
    let page = html(&home, &[CALLS, MISTAKES, CALLS]);
    let tables = tables(&page);
    let all = tables.last().unwrap();
    assert!(all.caption.starts_with("A column for each file"), "{}", all.caption);
    assert_eq!(all.rows[0][2..], [CALLS, MISTAKES, CALLS]);
    let errors = all.row("errors");
    assert_eq!((errors[1].as_str(), &errors[2]), ("≠", &errors[4]));
    assert_eq!(all.row("format")[1..], ["", "VCF", "VCF", "VCF"]);
    assert!(!html(&home, &[CALLS]).contains("side-by-side\""));
    assert!(!html(&home, &[missing.to_str().unwrap()]).contains("<table"));
}

#[test]
fn ten_million_findings_of_every_rule_are_a_page_under_two_megabytes() {
    let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES).unwrap();
    let mut report = check(CALLS, &pipe, &VcfReading::default(), &CheckOptions::default()).unwrap();
    fill(&mut report);
    assert!(report.findings.total() > 10_000_000);
    let form = FORMS.iter().find(|it| it.name == "html").unwrap();
    let mut renderer = (form.begin)(Style::PLAIN);
    let mut page = Vec::new();
    renderer.file(&report, &mut page).unwrap();
    renderer.finish(&mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    tables(&page);
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert!(page.contains("10,000,"), "their number is told");
}

/// Puts as much into a report as there can be: of every rule, on long lines, all over the file.
fn fill(report: &mut Report) {
    let (line, mut findings) = ("<>&x".repeat(5_000), Findings::keeping(1_000));
    for rule in RULES {
        for number in 0..30 {
            findings.add(rule, number, line.as_bytes(), 4_000..9_000, || line.clone());
        }
        findings.add_counted(rule, annostore::model::Location::at(1, 1), 10_000_000);
        let place = report.places.of(rule);
        for at in 0..150 {
            report.places.add_on_line(place, at * 14, at % 5);
            for contig in 0..40 {
                let name = format!("contig_{contig}_{}", "<".repeat(50));
                report.places.add_on_contig(place, name.as_bytes(), at * 1_000, at % 7 + 1);
            }
        }
    }
    report.findings = findings;
    let profile = report.profile.as_mut().unwrap();
    let mut names = Counts::default();
    for number in 0..20_000 {
        names.add(format!("{number}{}", "&".repeat(500)).as_bytes(), 3);
    }
    (profile.contigs, profile.undeclared) = (names.clone(), names.clone());
    profile.filters = Some(names);
    let field = profile.fields[0].clone();
    for number in 0..20_000 {
        let name = format!("{number}{}", "<".repeat(500));
        profile.fields.push(annostore::diagnostic::profile::FieldProfile { name, ..field.clone() });
    }
}

#[test]
fn a_browser_finds_no_fault() {
    if !installed("chromium") {
        return;
    }
    if !Command::new("python3").arg("--version").output().is_ok_and(|it| it.status.success()) {
        return skipped("python", "it drives the browser");
    }
    let home = Home::new();
    let rich = home.file("rich.vcf", RICH);
    let page = html(&home, &[MISTAKES, rich.to_str().unwrap(), CALLS]);
    let page = home.file("page.html", page);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/browser.py");
    let folder = std::env::var_os("ANNOSTORE_SCREENSHOTS").map(Into::into);
    let folder: std::path::PathBuf = folder.unwrap_or_else(|| home.beside(""));
    let mut browser = Command::new("python3");
    browser.args([script.as_os_str(), "chromium".as_ref(), page.as_os_str(), folder.as_os_str()]);
    let output = browser.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let none = serde_json::json!([]);
    for fault in ["console", "faint_light", "faint_dark", "faint_narrow", "without_name"] {
        assert_eq!(found[fault], none, "{fault}");
    }
    // The page alone was asked for, each time that it was opened; what it has within it may be.
    let others = found["requests"].as_array().unwrap().iter().filter(|it| {
        let url = it.as_str().unwrap();
        !url.ends_with("/page.html") && !url.starts_with("data:")
    });
    assert_eq!(others.count(), 0, "{found}");
    for width in ["overflow_light", "overflow_narrow"] {
        assert!(found[width].as_i64().unwrap() <= 0, "{width}: {found}");
    }
    for role in ["main", "banner", "navigation", "article", "image", "heading", "table"] {
        assert!(found["roles"].as_array().unwrap().iter().any(|it| it == role), "{role}: {found}");
    }
    // No level of headings is left out on the way down.
    let levels: Vec<u64> = serde_json::from_value(found["levels"].clone()).unwrap();
    assert!(levels[0] == 1 && levels.windows(2).all(|it| it[1] <= it[0] + 1), "{levels:?}");
}
