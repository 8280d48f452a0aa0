//! The conformance files of EBI's validator and of hts-specs get the verdicts that their suites give.

// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use annostore::check::{self, CheckOptions};
use annostore::diagnostic::report::Report;
use annostore::diagnostic::{Policy, Severity};
use annostore::model::ErrorKind;
use annostore::read::vcf::VcfReading;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use common::corpus::corpus;

mod common;

/// Files whose first error lies in another line than the suite's, and why.
const OTHER_LINE: &[(&str, &str)] = &[
    (
        "failed_body_duplicated_001.vcf",
        "EBI reports both records of a pair, we the second, naming the first",
    ),
    ("failed_body_duplicated_003.vcf", "likewise"),
];

/// A file of the suites, and what they say about it.
struct Case {
    path: PathBuf,
    name: String,
    is_valid: bool,
    /// The line of the suite's first message.
    line: Option<u64>,
}

/// The folder of the suites, or none, said loudly, where it is not there.
fn folder() -> Option<PathBuf> {
    corpus().map(|it| it.join("vcf-conformance"))
}

/// The files on which the suites agree.
fn cases(folder: &Path) -> Vec<Case> {
    let manifest = fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let rows = manifest.lines().skip(1).map(|it| it.split('\t').collect::<Vec<_>>());
    let cases: Vec<Case> = rows
        .filter(|it| matches!(it[1], "ebi-vcf-validator" | "hts-specs"))
        .filter(|it| matches!(it[8], "valid" | "invalid"))
        .filter(|it| !it.iter().any(|it| it.contains("DISAGREEMENT")))
        .map(|it| Case {
            path: folder.join(it[0]),
            name: it[0].to_owned(),
            is_valid: it[8] == "valid",
            line: it[10].parse().ok(),
        })
        .collect();
    assert!(cases.iter().any(|it| it.is_valid) && cases.iter().any(|it| !it.is_valid));
    cases
}

/// The report; none where the file is of a compression that nobody reads here.
fn check(pipe: &Pipe, path: &Path, policy: Policy) -> Option<Report> {
    let (reading, options) = (VcfReading::default(), CheckOptions::default());
    match check::check(path.to_str().unwrap(), pipe, &reading, &options) {
        Ok(report) => Some(report.under(policy)),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unreadable, "{}: {error}", path.display());
            None
        }
    }
}

fn errors(report: &Report) -> Vec<String> {
    let findings = report.findings.kept().iter();
    let errors = findings.filter(|it| report.severity(it.rule) == Severity::Error);
    errors.map(|it| format!("{} {}: {}", it.at, it.rule.code, it.message)).collect()
}

fn first_line(report: &Report) -> Option<u64> {
    let findings = report.findings.kept().iter();
    let errors = findings.filter(|it| report.severity(it.rule) == Severity::Error);
    errors.map(|it| it.at.line).filter(|it| *it > 0).min()
}

fn pipe() -> Pipe {
    Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap()
}

#[test]
fn no_valid_file_has_an_error() {
    let Some(folder) = folder() else { return };
    let pipe = pipe();
    for case in cases(&folder).iter().filter(|it| it.is_valid) {
        for policy in [Policy::Spec, Policy::Strict] {
            let found = check(&pipe, &case.path, policy).map(|it| errors(&it));
            assert_eq!(found, Some(Vec::new()), "{policy}: {}", case.name);
        }
    }
}

#[test]
fn every_invalid_file_has_an_error_under_the_strict_policy() {
    let Some(folder) = folder() else { return };
    let pipe = pipe();
    for case in cases(&folder).iter().filter(|it| !it.is_valid) {
        let found = check(&pipe, &case.path, Policy::Strict).map(|it| errors(&it));
        assert!(found.is_none_or(|it| !it.is_empty()), "{} has no error", case.name);
    }
}

#[test]
fn the_first_error_lies_where_the_suite_says() {
    let Some(folder) = folder() else { return };
    let pipe = pipe();
    let (mut right, mut all) = (0, 0);
    for case in cases(&folder).iter().filter(|it| !it.is_valid && it.line.is_some()) {
        all += 1;
        let report = check(&pipe, &case.path, Policy::Strict);
        let line = report.as_ref().and_then(first_line);
        if line == case.line {
            right += 1;
            continue;
        }
        // A file that cannot be decompressed has no lines.
        let listed = OTHER_LINE.iter().any(|it| case.name.ends_with(it.0)) || report.is_none();
        let found = report.map(|it| errors(&it));
        assert!(listed, "{}: {line:?}, the suite says {:?}: {found:#?}", case.name, case.line);
    }
    assert!(right * 100 >= all * 90, "{right} of {all}");
}
