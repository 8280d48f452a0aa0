//! An import that is stopped leaves nothing, and several at once do not hurt one another. What is
//! killed at any moment is in `campaign`.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::program::{Home, Said, said};
use serde_json::Value;

const STORE: &str = "kills";
const ROWS: u64 = 10_000;

/// A file of so many records.
fn records(count: u64) -> String {
    let mut text = "##fileformat=VCFv4.2\n##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for index in 1..=count {
        writeln!(text, "chr1\t{index}\tr{index}\tA\tC\t.\tPASS\tAC={index}").unwrap();
    }
    text
}

fn import(file: &Path) -> [&str; 4] {
    ["import", file.to_str().unwrap(), "--store", STORE]
}

/// Rows by job, as a query finds them.
fn rows_by_job(home: &Home) -> BTreeMap<String, u64> {
    let sql = format!("SELECT importjobid AS job, count(*) AS n FROM {STORE} GROUP BY 1");
    let text = home.done(["query", &sql, "--format", "ndjson"]);
    let rows = text.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
    rows.map(|it| (it["job"].as_str().unwrap().to_owned(), it["n"].as_u64().unwrap())).collect()
}

/// Jobs with their states, as the catalog has them.
fn jobs(home: &Home) -> BTreeMap<String, String> {
    let listed = home.json(&["job", "list", "--json"]);
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let jobs = listed["annotationImportJobs"].as_array().unwrap().iter();
    jobs.map(|it| (text(&it["id"]), text(&it["status"]))).collect()
}

/// Every job that completed has all its rows, and nothing else has any.
#[track_caller]
fn check_rows(home: &Home) {
    let jobs = jobs(home);
    for (job, status) in &jobs {
        assert!(
            ["COMPLETED", "FAILED", "CANCELLED"].contains(&status.as_str()),
            "{job} is {status}"
        );
    }
    let completed = jobs.into_iter().filter(|it| it.1 == "COMPLETED");
    let expected: BTreeMap<String, u64> = completed.map(|it| (it.0, ROWS)).collect();
    assert_eq!(rows_by_job(home), expected);
}

/// The folders of the home hold what the catalog names, and nothing else.
#[track_caller]
fn check_files(home: &Home) {
    let catalog = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    let list = |sql: &str| -> Vec<String> {
        let mut statement = catalog.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(list("SELECT path FROM data_files ORDER BY path"), home.files("data"));
    assert_eq!(list("SELECT path FROM removals"), [""; 0]);
    assert_eq!(list("SELECT id FROM owners"), [""; 0]);
    assert_eq!(list("PRAGMA integrity_check"), ["ok"]);
    assert_eq!(std::fs::read_dir(home.path().join("staging")).unwrap().count(), 0);
    let mut locks = home.files("locks");
    locks.retain(|it| it != "locks/setup.lock" && it != "locks/readers.lock");
    assert_eq!(locks, [""; 0], "the locks of runs");
}

fn signal(child: &Child, signal: &str) {
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
}

#[test]
fn two_processes_import_into_one_version_at_once() {
    let home = Home::with_store(STORE);
    let file = home.file("input.vcf", records(ROWS));
    for _ in 0..5 {
        let children = [(); 3].map(|()| home.command(import(&file)).spawn().unwrap());
        for child in children {
            let said = said(&child.wait_with_output().unwrap());
            assert_eq!(said.code, 0, "{}", said.err);
        }
    }
    assert_eq!(rows_by_job(&home).len(), 15);
    check_rows(&home);
    check_files(&home);
}

/// An import of standard input that has read half of it and waits for more.
struct HalfDone {
    child: Child,
    job: String,
    rest: String,
}

impl HalfDone {
    fn start(home: &Home) -> Self {
        let arguments = ["import", "-", "--store", STORE];
        let mut child = home.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let text = records(100_000);
        let (half, rest) = text.split_at(text.len() / 2);
        // More than a pipe holds, so that it has been read but for the last of it.
        child.stdin.as_mut().unwrap().write_all(half.as_bytes()).unwrap();
        let staging = home.path().join("staging");
        let job = std::fs::read_dir(staging).unwrap().next().unwrap().unwrap().file_name();
        Self { child, job: job.into_string().unwrap(), rest: rest.to_owned() }
    }

    /// Feeds it the rest, and tells how it ended.
    fn end(mut self) -> Said {
        // It may end before it has read all.
        let _ = self.child.stdin.take().unwrap().write_all(self.rest.as_bytes());
        said(&self.child.wait_with_output().unwrap())
    }
}

#[track_caller]
fn check_stopped(home: &Home, job: &str, said: &Said, says: &str) {
    assert_eq!((said.code, said.out.as_str()), (130, ""), "{}", said.err);
    assert!(said.err.contains(says) && said.err.contains("nothing was stored"), "{}", said.err);
    let shown = home.json(&["job", "get", job, "--json"]);
    assert_eq!(shown["status"], "CANCELLED", "{shown}");
    assert!(rows_by_job(home).is_empty());
    assert!(home.files("data").is_empty() && home.files("reports").is_empty());
    check_files(home);
}

#[test]
fn a_signal_cancels_the_job_and_leaves_nothing() {
    for name in ["-INT", "-TERM"] {
        let home = Home::with_store(STORE);
        let half = HalfDone::start(&home);
        signal(&half.child, name);
        let job = half.job.clone();
        check_stopped(&home, &job, &half.end(), "interrupted");
    }
}

#[test]
fn a_job_that_another_process_cancels_stores_nothing() {
    let home = Home::with_store(STORE);
    let half = HalfDone::start(&home);
    let job = half.job.clone();
    home.done(["job", "cancel", &job]);
    check_stopped(&home, &job, &half.end(), "cancelled");
}

#[test]
fn a_version_that_is_deleted_meanwhile_takes_no_rows() {
    let home = Home::with_store(STORE);
    let half = HalfDone::start(&home);
    home.done(["store", "delete", STORE, "--force"]);
    let said = half.end();
    assert_ne!(said.code, 0);
    assert!(said.err.starts_with("error: "), "{}", said.err);
    home.done(["store", "list"]);
    check_files(&home);
}
