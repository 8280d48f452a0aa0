//! Real files, once imported, hold what `bcftools` reads in them: as many records, the same sum of every numeric INFO key, the same
//! texts, and the same fields of VEP's annotations. Needs `bcftools` and the corpus; says loudly where one is not there.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

// Shared with the tests of queries, which use all of it.
#[allow(dead_code)]
#[path = "query/imported.rs"]
mod imported;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use annostore::import::ImportOptions;
use annostore::query::Engine;
use annostore::query::format::{Layout, NDJSON, write};
use imported::Imports;
use serde_json::Value;

/// Says on standard error, past the test harness, what is not tested.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("ANNOSTORE_CORPUS").map_or(beside, PathBuf::from);
    let real = folder.join("vcf-real");
    if !real.is_dir() {
        skipped(&format!("there is no corpus at {}", real.display()));
        return None;
    }
    if Command::new("bcftools").arg("--version").output().is_err() {
        skipped("there is no bcftools to compare with");
        return None;
    }
    Some(real)
}

/// What `bcftools` prints; none where it fails or reports an error.
fn bcftools(arguments: &[&str]) -> Option<String> {
    let output = Command::new("bcftools").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let failed = !output.status.success() || said.lines().any(|it| it.starts_with("[E::"));
    (!failed).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn vcf_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if [".vcf", ".vcf.gz", ".vcf.bgz"].iter().any(|it| name.ends_with(it)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The condition that keeps a record once, whatever samples there are.
const ONCE: &str = "WHERE sampleid IS NULL OR sampleid = (SELECT min(sampleid) FROM sss)";

/// A definition of INFO in a header.
struct Key {
    id: String,
    kind: String,
    is_vep: bool,
}

fn keys(header: &str) -> Vec<Key> {
    let mut seen = BTreeSet::new();
    let lines = header.lines().filter_map(|it| it.strip_prefix("##INFO=<ID="));
    let key = |line: &str| {
        let member = |name: &str| line.split(name).nth(1)?.split([',', '>']).next();
        let id = line.split(',').next()?.to_owned();
        let is_vep = line.contains("Format: ") && line.contains("VEP");
        Some(Key { id, kind: member(",Type=")?.to_owned(), is_vep })
    };
    lines.filter_map(key).filter(|it| seen.insert(it.id.clone())).collect()
}

fn rows(engine: &Engine, sql: &str) -> Vec<Value> {
    let mut answer = engine.query(sql, &[]).unwrap();
    let layout = Layout::stream(&NDJSON);
    let (schema, mut out) = (answer.schema(), Vec::new());
    write(layout, &schema, &mut answer, &mut out).unwrap();
    out.split(|it| *it == b'\n')
        .filter(|it| !it.is_empty())
        .map(|it| serde_json::from_slice(it).unwrap())
        .collect()
}

/// A file on both sides.
struct Pair<'a> {
    path: &'a str,
    engine: &'a Engine,
    /// INFO of every record, once for all samples.
    ours: Vec<Value>,
}

impl Pair<'_> {
    fn theirs(&self, format: &str) -> Vec<String> {
        let text = bcftools(&["query", "-f", format, self.path]).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The sums of a numeric key, and how many numbers there are.
    fn compare_numbers(&self, key: &Key, field: &str) {
        let mut theirs = (0.0, 0_u64);
        for value in
            self.theirs(&format!("%INFO/{}\\n", key.id)).iter().flat_map(|it| it.split(','))
        {
            if let Ok(number) = value.parse::<f64>() {
                theirs = (theirs.0 + number, theirs.1 + 1);
            }
        }
        let mut ours = (0.0, 0);
        let mut size = 0.0;
        for row in &self.ours {
            let value = &row["info"][field];
            let one = std::slice::from_ref(value);
            for number in value.as_array().map_or(one, Vec::as_slice).iter().filter_map(number) {
                ours = (ours.0 + number, ours.1 + 1);
                size += number.abs();
            }
        }
        assert_eq!(ours.1, theirs.1, "{}: count of {}", self.path, key.id);
        // bcftools keeps 32 bits and prints six digits.
        let near = (ours.0 - theirs.0).abs() <= 1e-5 * f64::max(size, 1e-30) || ours.0.is_nan();
        assert!(near, "{}: sum of {}: {} is not {}", self.path, key.id, ours.0, theirs.0);
    }

    fn compare_texts(&self, key: &Key) {
        let theirs: BTreeSet<String> =
            self.theirs(&format!("%INFO/{}\\n", key.id)).into_iter().collect();
        let value = |row: &Value| row["attributes"][&key.id].as_str().unwrap_or(".").to_owned();
        let ours: BTreeSet<String> = self.ours.iter().map(value).collect();
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
            a.difference(b).take(3).cloned().collect::<Vec<_>>()
        };
        let (more, fewer) = (only(&ours, &theirs), only(&theirs, &ours));
        assert!(
            more.is_empty() && fewer.is_empty(),
            "{}: {}: ours alone {more:?}, theirs alone {fewer:?}",
            self.path,
            key.id
        );
    }

    fn compare_flags(&self, key: &Key) {
        let theirs =
            self.theirs(&format!("%INFO/{}\\n", key.id)).iter().filter(|it| *it == "1").count();
        let ours = self.ours.iter().filter(|it| it["attributes"].get(&key.id).is_some()).count();
        assert_eq!(ours, theirs, "{}: flag {}", self.path, key.id);
    }

    /// The entries of VEP, field by field.
    fn compare_vep(&self, key: &Key) -> usize {
        let list = bcftools(&["+split-vep", "-a", &key.id, "-l", self.path]).unwrap();
        let fields: Vec<&str> = list.lines().filter_map(|it| it.split('\t').nth(1)).collect();
        let format = format!("%POS\\t%{}\\n", key.id);
        let theirs = ["+split-vep", "-a", &key.id, "-A", "tab", "-d", "-f", &format, self.path];
        let mut theirs: Vec<String> =
            bcftools(&theirs).unwrap().lines().map(str::to_owned).collect();
        let sql = format!("SELECT start, annotations.vep AS vep FROM sss {ONCE}");
        let mut ours = Vec::new();
        for row in rows(self.engine, &sql) {
            for entry in row["vep"].as_array().into_iter().flatten() {
                let mut line = (row["start"].as_i64().unwrap() + 1).to_string();
                for field in &fields {
                    line.push('\t');
                    line.push_str(&text_of(entry, &field.to_lowercase()));
                }
                ours.push(line);
            }
        }
        // bcftools has a line for records without annotations too.
        theirs.retain(|it| it.split('\t').skip(1).any(|it| it != "."));
        ours.retain(|it| it.split('\t').skip(1).any(|it| it != "."));
        theirs.sort();
        ours.sort();
        let first = ours.iter().zip(&theirs).find(|(a, b)| a != b);
        assert!(first.is_none(), "{}: {}: {first:#?}", self.path, key.id);
        assert_eq!(ours.len(), theirs.len(), "{}: entries of {}", self.path, key.id);
        ours.len()
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.replace("Infinity", "inf").parse().ok(),
        other => other.as_f64(),
    }
}

/// A field of an entry as VEP wrote it; `.` where it is empty, as bcftools has it.
fn text_of(entry: &Value, field: &str) -> String {
    let value = entry.get(field).unwrap_or(&entry["extras"][field]);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            list.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join("&")
        }
        Value::Object(pair) => {
            pair.values().filter_map(Value::as_str).collect::<Vec<_>>().join("/")
        }
        _ => String::new(),
    };
    if text.is_empty() { ".".to_owned() } else { text }
}

#[test]
fn real_files_hold_what_bcftools_reads() {
    let Some(corpus) = corpus() else { return };
    let (mut files, mut compared, mut entries) = (0, 0, 0);
    for path in vcf_files(&corpus) {
        let path = path.to_str().unwrap();
        let Some(header) = bcftools(&["view", "-h", path]) else { continue };
        let Some(count) = bcftools(&["query", "-f", "x\\n", path]) else { continue };
        let mut home = Imports::new();
        home.file("sss", path, &ImportOptions::default()).unwrap();
        let (engine, _folder) = home.engine();
        let mut pair = Pair { path, engine: &engine, ours: Vec::new() };
        let keys = keys(&header);
        let names = info_names(&keys);
        // Without any key there is no `info`.
        let info = if keys.is_empty() { "NULL AS info" } else { "info" };
        let sql = format!("SELECT {info}, attributes FROM sss {ONCE}");
        pair.ours = rows(&engine, &sql);
        assert_eq!(pair.ours.len(), count.lines().count(), "{path}: records");
        for key in &keys {
            match key.kind.as_str() {
                "Integer" | "Float" => pair.compare_numbers(key, &names[&key.id]),
                "Flag" => pair.compare_flags(key),
                _ => pair.compare_texts(key),
            }
            if key.is_vep {
                entries += pair.compare_vep(key);
            }
            compared += 1;
        }
        files += 1;
    }
    assert!(files > 25 && compared > 500 && entries > 5_000, "{files} {compared} {entries}");
}

/// The field of `info` for each key: its name in lower case, with a number where another key has that already.
fn info_names(keys: &[Key]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for key in keys {
        let base = key.id.to_lowercase();
        let numbered = (2..).map(|it| format!("{base}_{it}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let free = candidates.find(|it| !names.values().any(|name| name == it)).unwrap();
        names.insert(key.id.clone(), free);
    }
    names
}
