//! Every rule has a failing and a passing example in `testdata/rules`, and finds what `expected.txt` beside them says.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use annostore::check::{CheckOptions, DEFAULT_MAX_FINDINGS, check_vcf};
use annostore::diagnostic::report::Report;
use annostore::diagnostic::rules::RULES;
use annostore::model::VcfOptions;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};

fn check(path: &Path) -> Report {
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let options = CheckOptions { vcf: VcfOptions::default(), max_findings: DEFAULT_MAX_FINDINGS };
    check_vcf(path.to_str().unwrap(), &pipe, options).unwrap()
}

fn folder(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules").join(code)
}

fn example(code: &str, stem: &str) -> PathBuf {
    let files = fs::read_dir(folder(code)).unwrap_or_else(|_| panic!("{code} has no examples"));
    let mut found = files
        .map(|it| it.unwrap().path())
        .filter(|it| it.file_name().unwrap().to_str().unwrap().starts_with(stem));
    found.next().unwrap_or_else(|| panic!("{code} has no {stem} example"))
}

/// `line:column CODE value: message`, a line for each finding.
fn concise(report: &Report) -> String {
    report.findings.kept().iter().fold(String::new(), |mut text, it| {
        let value = it.value.rsplit("testdata/").next().unwrap_or_default();
        writeln!(text, "{} {} `{value}`: {}", it.at, it.rule.code, it.message).unwrap();
        text
    })
}

#[test]
fn every_failing_example_is_found_at_its_place() {
    for rule in RULES {
        let found = concise(&check(&example(rule.code, "fail")));
        let expected = folder(rule.code).join("expected.txt");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        assert!(
            found.contains(rule.code),
            "{} finds nothing in its failing example:\n{found}",
            rule.code
        );
        assert_eq!(found, fs::read_to_string(&expected).unwrap_or_default(), "{}", rule.code);
    }
}

#[test]
fn every_passing_example_is_clean_of_its_rule() {
    for rule in RULES {
        let report = check(&example(rule.code, "pass"));
        let found = report.findings.kept().iter().filter(|it| it.rule == *rule).count();
        assert_eq!(found, 0, "{}:\n{}", rule.code, concise(&report));
    }
}

#[test]
fn every_folder_of_examples_belongs_to_a_rule() {
    for entry in fs::read_dir(folder("").parent().unwrap().join("rules")).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(RULES.iter().any(|it| name == it.code), "{}", name.display());
    }
}
