//! What always holds of a home that was opened after a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::inputs;
use crate::common::program::Home;

/// The stores that a campaign fills, with their formats.
pub const STORES: [(&str, &str); 3] = [("variants", "VCF"), ("scores", "TSV"), ("genes", "GFF")];

/// A home with an empty store of each format, a reference, and the input files beside it.
pub fn filled(home: Home, seed: u64) -> Home {
    inputs::write(&home, seed);
    for (name, format) in STORES {
        let mut arguments = vec!["store", "create", "--name", name, "--store-format", format];
        arguments.extend(["--reference-arn", inputs::ARN]);
        if format == "TSV" {
            arguments.extend(["--store-options", inputs::SCORES]);
        }
        home.done(arguments);
    }
    let reference = inputs::path(&home, "reference.fa");
    home.done(["reference", "add", &reference, "--arn", inputs::ARN]);
    home
}

/// The ids of the jobs that a run said it had done.
pub fn acknowledged(said: &str) -> Vec<String> {
    let jobs = said.split("(job ").skip(1);
    jobs.filter_map(|it| Some(it.split_once(')')?.0.to_owned())).collect()
}

fn catalog(home: &Home) -> Connection {
    let path = home.path().join("catalog.db");
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn listed(catalog: &Connection, sql: &str) -> Vec<String> {
    let mut statement = catalog.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Opens the home, which ends what died, and looks at its files, its jobs and its rows. `done` are
/// the jobs that were said to be done, of stores that were not deleted.
#[track_caller]
pub fn check(home: &Home, done: &BTreeSet<String>, round: &str) {
    let opened = home.run(["job", "list", "--json"]);
    assert_eq!((opened.code, opened.err.as_str()), (0, ""), "{round}: the home does not open");
    let catalog = catalog(home);
    check_files(home, &catalog, round);
    check_tables(home, round);
    check_jobs(home, &catalog, done, round);
}

/// The folders hold what the catalog names, with its digests, and nothing else.
#[track_caller]
fn check_files(home: &Home, catalog: &Connection, round: &str) {
    let list = |sql: &str| listed(catalog, sql);
    assert_eq!(list("SELECT path FROM data_files ORDER BY path"), home.files("data"), "{round}");
    assert_eq!(list("SELECT path FROM removals"), [""; 0], "{round}: removals");
    assert_eq!(list("SELECT id FROM owners"), [""; 0], "{round}: owners");
    assert_eq!(list("PRAGMA integrity_check"), ["ok"], "{round}");
    assert_eq!(list("SELECT \"table\" FROM pragma_foreign_key_check"), [""; 0], "{round}");
    let mut files = catalog.prepare("SELECT path, sha256 FROM data_files").unwrap();
    let files = files.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    for (path, digest) in files.map(Result::<(String, String), _>::unwrap) {
        let bytes = fs::read(home.path().join(&path)).unwrap();
        assert_eq!(hex(&Sha256::digest(bytes)), digest, "{round}: {path}");
    }
    let mut left = home.files("staging");
    left.extend(home.files("locks"));
    left.retain(|it| it != "locks/setup.lock" && it != "locks/readers.lock");
    assert_eq!(left, [""; 0], "{round}: left over");
    for report in home.files("reports").iter().filter(|it| has_ending(it, "json")) {
        let text = fs::read_to_string(home.path().join(report)).unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "{round}: {report} is cut");
    }
}

/// What other engines are told names no file that is not there.
#[track_caller]
fn check_tables(home: &Home, round: &str) {
    let metadata = home.files("iceberg").into_iter().filter(|it| has_ending(it, "json"));
    let mut files: Vec<_> = metadata.map(|it| home.path().join(it)).collect();
    while let Some(file) = files.pop() {
        let Ok(content) = fs::read(&file) else {
            panic!("{round}: {} is not there", file.display())
        };
        if has_ending(file.to_str().unwrap(), "parquet") {
            continue;
        }
        // In metadata and in files of Avro, which are not compressed, paths are plain text.
        let content = String::from_utf8_lossy(&content).into_owned();
        let named = content.split("file://").skip(1).filter_map(|it| {
            let ends = [".avro", ".parquet"].map(|ending| Some(it.find(ending)? + ending.len()));
            ends.into_iter().flatten().min().map(|end| it[..end].into())
        });
        files.extend(named);
    }
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == ending)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, it| {
        write!(text, "{it:02x}").unwrap();
        text
    })
}

/// A job that completed has the rows of its file, or none where its version is gone; any other has
/// none. Data files of several jobs may have been put together, so that a query has to tell.
#[track_caller]
fn check_jobs(home: &Home, catalog: &Connection, done: &BTreeSet<String>, round: &str) {
    let rows = rows_by_job(home, catalog, round);
    let mut jobs = catalog.prepare("SELECT id, status, source FROM jobs").unwrap();
    let jobs = jobs.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let mut lost = done.clone();
    for (id, status, source) in jobs.map(Result::<(String, String, String), _>::unwrap) {
        let name = Path::new(&source).file_name().unwrap().to_str().unwrap();
        let whole = inputs::ROWS.iter().find(|it| it.0 == name).unwrap().1;
        let is_done = status.starts_with("COMPLETED");
        let may_have: &[i64] = match (is_done, done.contains(&id)) {
            (true, true) => &[whole],
            (true, false) => &[0, whole],
            (false, _) => &[0],
        };
        let rows = rows.get(&id).copied().unwrap_or_default();
        assert!(may_have.contains(&rows), "{round}: {id} of {name} is {status} with {rows} rows");
        let ends = ["COMPLETED", "COMPLETED_WITH_FAILURES", "FAILED", "CANCELLED"];
        assert!(ends.contains(&status.as_str()), "{round}: {id} is {status}");
        if is_done {
            lost.remove(&id);
        }
    }
    assert!(lost.is_empty(), "{round}: said to be done, and lost: {lost:?}");
}

/// The rows that queries find of each job, which are as many as the catalog counts.
#[track_caller]
fn rows_by_job(home: &Home, catalog: &Connection, round: &str) -> BTreeMap<String, i64> {
    let there = listed(catalog, "SELECT name FROM stores");
    let mut rows = BTreeMap::new();
    for (store, _) in STORES.iter().filter(|it| there.iter().any(|name| name == it.0)) {
        let sql = format!("SELECT importjobid AS job, count(*) AS n FROM {store} GROUP BY 1");
        let found = home.run(["query", &sql, "--format", "ndjson"]);
        assert_eq!(found.code, 0, "{round}: {}", found.err);
        let found: Vec<Value> =
            found.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        let found = found.iter().map(|it| (it["job"].as_str().unwrap(), it["n"].as_i64().unwrap()));
        let sql = "SELECT coalesce(sum(data_files.rows), 0) FROM data_files
             JOIN versions ON versions.id = version_id
             JOIN stores ON stores.id = store_id AND versions.name = stores.name
             WHERE stores.name = ?1";
        let counted: i64 = catalog.query_row(sql, [store], |row| row.get(0)).unwrap();
        assert_eq!(found.clone().map(|it| it.1).sum::<i64>(), counted, "{round}: rows of {store}");
        rows.extend(found.map(|(job, count)| (job.to_owned(), count)));
    }
    rows
}
