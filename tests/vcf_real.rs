//! Real files, once imported, hold what `bcftools` reads in them: as many records, the same sum of
//! every numeric INFO key, the same texts in the same records, and the same fields of VEP's
//! annotations. Needs `bcftools` and the corpus.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
// Shared with the tests of queries, which use all of it.
#[allow(dead_code)]
#[path = "query/imported.rs"]
mod imported;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use annostore::import::ImportOptions;
use annostore::query::Engine;
use annostore::query::format::{Layout, NDJSON, write};
use common::corpus::{corpus, files};
use common::needs::installed;
use imported::Imports;
use serde_json::Value;

/// The real files, where they and `bcftools` are there.
fn real_files() -> Option<Vec<PathBuf>> {
    let mut found = files(&corpus()?.join("vcf-real"));
    let endings = [".vcf", ".vcf.gz", ".vcf.bgz"];
    found.retain(|path| endings.iter().any(|it| path.to_str().unwrap().ends_with(it)));
    installed("bcftools").then_some(found)
}

/// What `bcftools` prints; none where it fails or reports an error.
fn bcftools(arguments: &[&str]) -> Option<String> {
    let output = Command::new("bcftools").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let failed = !output.status.success() || said.lines().any(|it| it.starts_with("[E::"));
    (!failed).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
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

    fn compare_numbers(&self, key: &Key, field: &str) {
        let theirs = self.theirs(&format!("%INFO/{}\\n", key.id));
        let theirs = theirs.iter().flat_map(|it| it.split(',')).filter_map(|it| it.parse().ok());
        let theirs = Sum::of(theirs);
        let ours = Sum::of(self.ours.iter().flat_map(|row| {
            let value = &row["info"][field];
            let one = std::slice::from_ref(value);
            value.as_array().map_or(one, Vec::as_slice).iter().filter_map(number)
        }));
        assert!(ours.is_near(&theirs), "{}: {}: {ours:?} is not {theirs:?}", self.path, key.id);
    }

    /// The text of a key in each record, by the place of the record.
    fn compare_texts(&self, key: &Key) {
        let mut theirs = self.theirs(&format!("%CHROM %POS %REF %INFO/{}\\n", key.id));
        let line = |row: &Value| {
            let (contig, reference) = (&row["contigname"], &row["referenceallele"]);
            let [contig, reference] = [contig, reference].map(|it| it.as_str().unwrap());
            let position = row["start"].as_i64().unwrap() + 1;
            let value = row["attributes"][&key.id].as_str().unwrap_or(".");
            format!("{contig} {position} {reference} {value}")
        };
        let mut ours: Vec<String> = self.ours.iter().map(line).collect();
        theirs.sort();
        ours.sort();
        let first = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
        assert!(first.is_none(), "{}: {}: {first:#?}", self.path, key.id);
        assert_eq!(ours.len(), theirs.len(), "{}: records with {}", self.path, key.id);
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

/// What the numbers of a key come to.
#[derive(Debug, Default)]
struct Sum {
    count: u64,
    /// The sum of the finite ones.
    total: f64,
    /// The sum of their absolute values.
    size: f64,
    not_a_number: u64,
    infinite: [u64; 2],
}

impl Sum {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        numbers.fold(Self::default(), |mut sum, it| {
            sum.count += 1;
            if it.is_nan() {
                sum.not_a_number += 1;
            } else if it.is_infinite() {
                sum.infinite[usize::from(it > 0.0)] += 1;
            } else {
                sum.total += it;
                sum.size += it.abs();
            }
            sum
        })
    }

    /// Whether both are the same but for rounding: bcftools keeps 32 bits and prints six digits.
    fn is_near(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.count, it.not_a_number, it.infinite);
        key(self) == key(other)
            && (self.total - other.total).abs() <= 1e-5 * f64::max(self.size, 1e-30)
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
    let Some(paths) = real_files() else { return };
    let (mut files, mut compared, mut entries) = (0, 0, 0);
    for path in paths {
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
        let place = "contigname, start, referenceallele";
        let sql = format!("SELECT {place}, {info}, attributes FROM sss {ONCE}");
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

/// The field of `info` for each key: its name in lower case, with a number where another key has
/// that already.
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
