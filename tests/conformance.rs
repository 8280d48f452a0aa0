//! The conformance files of EBI's validator and of hts-specs get the verdicts that their suites
//! give.

// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use annostore::check::{self, CheckOptions};
use annostore::diagnostic::report::Report;
use annostore::diagnostic::{Policy, Severity};
use annostore::model::{ErrorKind, Result};
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

/// Compressions that nobody reads here. Such a file is refused before anything in it is judged.
const OTHER_COMPRESSIONS: [&str; 3] = [".bz2", ".tar.Z", ".tar.zip"];

/// A file of the suites, and what they say about it.
struct Case {
    path: PathBuf,
    name: String,
    is_valid: bool,
    /// The line of the suite's first message.
    line: Option<u64>,
}

impl Case {
    fn can_be_read(&self) -> bool {
        !OTHER_COMPRESSIONS.iter().any(|it| self.name.ends_with(it))
    }
}

/// The folder of the suites; none where it is not there, and the test is skipped.
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
    let valid = cases.iter().filter(|it| it.is_valid).count();
    assert!(valid > 60 && cases.len() - valid > 400, "{valid} of {}", cases.len());
    cases
}

fn check(pipe: &Pipe, case: &Case, policy: Policy) -> Report {
    let report = try_check(pipe, &case.path);
    report.unwrap_or_else(|error| panic!("{}: {error}", case.name)).under(policy)
}

fn try_check(pipe: &Pipe, path: &Path) -> Result<Report> {
    let (reading, options) = (VcfReading::default(), CheckOptions::default());
    check::check(path.to_str().unwrap(), pipe, &reading, &options)
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
            let found = errors(&check(&pipe, case, policy));
            assert!(found.is_empty(), "{policy}: {}: {found:#?}", case.name);
        }
    }
}

#[test]
fn every_invalid_file_has_an_error_under_the_strict_policy() {
    let Some(folder) = folder() else { return };
    let pipe = pipe();
    for case in cases(&folder).iter().filter(|it| !it.is_valid && it.can_be_read()) {
        let found = errors(&check(&pipe, case, Policy::Strict));
        assert!(!found.is_empty(), "{} has no error", case.name);
    }
}

#[test]
fn other_compressions_are_refused() {
    let Some(folder) = folder() else { return };
    let pipe = pipe();
    let cases = cases(&folder);
    let refused: Vec<&Case> = cases.iter().filter(|it| !it.can_be_read()).collect();
    assert!(!refused.is_empty());
    for case in refused {
        let error = try_check(&pipe, &case.path).err();
        assert_eq!(error.map(|it| it.kind()), Some(ErrorKind::Unreadable), "{}", case.name);
        assert!(!case.is_valid, "{} is valid", case.name);
    }
}

#[test]
fn the_first_error_lies_where_the_suite_says() {
    let Some(folder) = folder() else { return };
    let pipe = pipe();
    let (mut right, mut all) = (0, 0);
    let judged = |it: &&Case| !it.is_valid && it.can_be_read() && it.line.is_some();
    for case in cases(&folder).iter().filter(judged) {
        all += 1;
        let report = check(&pipe, case, Policy::Strict);
        let line = first_line(&report);
        if line == case.line {
            right += 1;
            continue;
        }
        let listed = OTHER_LINE.iter().any(|it| case.name.ends_with(it.0));
        let found = errors(&report);
        assert!(listed, "{}: {line:?}, the suite says {:?}: {found:#?}", case.name, case.line);
    }
    assert!(right * 100 >= all * 90, "{right} of {all}");
}
