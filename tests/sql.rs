//! SQL as text: each file of `tests/sql` says what is imported, what is asked and what comes out,
//! in the form of sqllogictest. With `UPDATE_EXPECTED=1` the answers are written anew.
//!
//! Beside SQL a statement may be
//!
//! - `import into STORE[.VERSION] [FLAGS]`, with the lines of a VCF file below it, whose fields are
//!   separated by blanks: store and version are made where there is none,
//! - `annostore …`, a command of the program,
//!
//! and a query may begin with `-- region …`, as for `--region`. A value that is null is `NULL`, the
//! empty text `(empty)`, and whatever is nested is JSON.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annostore::query::Vocabulary;
use annostore::query::format::{Failure, Layout, NDJSON, write};
use annostore::{Account, CatalogTables, Engine, QueryOptions, Service};
use arrow::datatypes::DataType;
use common::program::{Home, Said};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use sqllogictest::{
    DB, DBOutput, DefaultColumnType, Runner, default_normalizer, default_validator,
    strict_column_validator,
};

macro_rules! files {
    ($($name:ident),*) => {
        const FILES: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*
    };
}

files![
    aggregates,
    annotations,
    arrays,
    attributes,
    columns,
    dates,
    errors,
    forms,
    functions,
    json,
    language,
    maps,
    maths,
    metadata,
    names,
    nan,
    nested,
    numbers,
    ported,
    record,
    regexps,
    samples,
    several_files,
    spans,
    subqueries,
    texts
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql")
}

fn run(name: &str) {
    let path = folder().join(name).with_extension("slt");
    let mut runner = Runner::new(|| async { Ok(Stores::new()) });
    runner.with_column_validator(strict_column_validator);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let updated = runner.update_test_file(
            &path,
            " ",
            default_validator,
            default_normalizer,
            strict_column_validator,
        );
        // Queries have to run within somebody else's runtime as well.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(updated).unwrap();
    } else if let Err(error) = runner.run_file(&path) {
        panic!("{}", error.display(false));
    }
}

#[test]
fn every_file_is_run() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(FILES.contains(&name), "tests/sql.rs does not name {name}");
    }
}

/// What a statement calls that is no function of the session: the dialect makes others of it.
const FORMS: [&str; 22] = [
    "all_match",
    "cast",
    "concat",
    "current_date",
    "current_timestamp",
    "current_timezone",
    "extract",
    "if",
    "json_array",
    "json_exists",
    "json_object",
    "json_query",
    "json_value",
    "localtimestamp",
    "mod",
    "none_match",
    "now",
    "position",
    "reduce_agg",
    "shuffle",
    "try",
    "try_cast",
];

/// A row of `docs/functions.md`: a function, an example or why there is none, and what it gives.
fn function(line: &str) -> Option<[String; 3]> {
    // A bar within a cell stands behind a backslash.
    let row = line.strip_prefix("| `")?.strip_suffix('|')?.replace("\\|", "\0");
    let cells = row.split('|').map(|it| it.trim().trim_matches('`').replace('\0', "|"));
    cells.collect::<Vec<_>>().try_into().ok()
}

#[test]
fn the_page_of_functions_has_an_example_of_each() {
    let path = folder().join("../../docs/functions.md");
    let mut known = Vocabulary::functions();
    known.extend(FORMS.map(str::to_owned));
    let mut stores = Stores::new();
    let mut right = |line: &str| match function(line) {
        Some([name, example, _]) if known.contains(&name) => {
            let is_called = example.to_lowercase().contains(&name);
            assert!(is_called, "{name} wants an example: what stands behind SELECT");
            let DBOutput::Rows { rows, .. } = stores.run(&format!("SELECT {example}")).unwrap()
            else {
                panic!("{example} has no rows")
            };
            let gives: Vec<_> = rows.into_iter().map(|it| it.join(" ")).collect();
            let [example, gives] = [example, gives.join(", ")].map(|it| it.replace('|', "\\|"));
            format!("| `{name}` | `{example}` | `{gives}` |\n")
        }
        Some([name, why, _]) if !why.starts_with("no: ") => {
            format!("| `{name}` | no: not yet | |\n")
        }
        _ => format!("{line}\n"),
    };
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.lines().filter_map(function).count() > 300);
    let right: String = written.lines().map(&mut right).collect();
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &right).unwrap();
    } else {
        assert_eq!(written, right, "UPDATE_EXPECTED=1 cargo test --test sql page writes it anew");
    }
}

/// A home of its own for each file.
struct Stores {
    home: Home,
    engine: Option<Engine>,
    files: usize,
}

/// What a statement failed with, in one line: the message, and what to do.
#[derive(Debug)]
struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

impl From<annostore::Error> for Refusal {
    fn from(error: annostore::Error) -> Self {
        let text = error.to_string();
        assert!(!text.contains('\n') && text.len() < 300, "{text}");
        let help = error.help().map(|it| format!(" | {it}")).unwrap_or_default();
        Self(format!("{:?}: {text}{help}", error.kind()))
    }
}

impl DB for Stores {
    type Error = Refusal;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, text: &str) -> Result<DBOutput<DefaultColumnType>, Refusal> {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        match first.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["import", "into", table, flags @ ..] => self.import(table, flags, rest),
            ["annostore", arguments @ ..] => done(&self.home.run(arguments)),
            ["--", "region", regions @ ..] => self.query(rest, regions),
            _ => self.query(text, &[]),
        }
    }
}

impl Stores {
    fn new() -> Self {
        Self { home: Home::new(), engine: None, files: 0 }
    }

    fn import(&mut self, table: &str, flags: &[&str], text: &str) -> Outcome {
        let (store, version) = table.split_once('.').unwrap_or((table, ""));
        let create = ["store", "create", "--name", store, "--store-format", "VCF"];
        // These fail where they are not the first.
        self.home.run(create.iter().chain(&["--reference-arn", "arn:x"]));
        let into: &[&str] = match version {
            "" => &["--store", store],
            _ => &["--store", store, "--version", version],
        };
        if !version.is_empty() {
            self.home.run(["version", "create", store, "--version-name", version]);
        }
        self.files += 1;
        let file = self.home.file(&format!("{}.vcf", self.files), tabbed(text));
        let import = [&["import", file.to_str().unwrap()], into, flags].concat();
        done(&self.home.run(import))
    }

    fn query(&mut self, sql: &str, regions: &[&str]) -> Outcome {
        let engine = self.engine.get_or_insert_with(|| engine(&self.home));
        let regions: Vec<String> = regions.iter().map(|it| (*it).to_owned()).collect();
        let mut answer = engine.query(sql, &regions)?;
        let schema = answer.schema();
        let types = schema.fields().iter().map(|it| column_type(it.data_type())).collect();
        let mut out = Vec::new();
        match write(Layout::stream(&NDJSON), &schema, &mut answer, &mut out) {
            Ok(_) => {}
            Err(Failure::Query(error)) => return Err(error.into()),
            Err(other) => panic!("{other:?}"),
        }
        let line = |line: &str| {
            let Members(row) = serde_json::from_str(line).unwrap();
            row.iter().map(shown).collect()
        };
        let rows = String::from_utf8(out).unwrap().lines().map(line).collect();
        Ok(DBOutput::Rows { types, rows })
    }
}

/// The values of an object, in which names may come twice.
struct Members(Vec<Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(Vec::new()))
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some((_, value)) = map.next_entry::<String, Value>()? {
            self.0.push(value);
        }
        Ok(self)
    }
}

type Outcome = Result<DBOutput<DefaultColumnType>, Refusal>;

fn engine(home: &Home) -> Engine {
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&home.path(), account, "us-east-1").unwrap();
    let options = QueryOptions { threads: 2, ..QueryOptions::default() };
    Engine::new(Arc::new(CatalogTables::of(&service)), options).unwrap()
}

fn done(said: &Said) -> Outcome {
    match said.code {
        0 => Ok(DBOutput::StatementComplete(0)),
        _ => Err(Refusal(said.err.trim().replace('\n', " | "))),
    }
}

/// A VCF file: tabs for the runs of blanks, in the lines that have fields.
fn tabbed(text: &str) -> String {
    let version = if text.starts_with("##fileformat") { "" } else { "##fileformat=VCFv4.2\n" };
    let line = |line: &str| match line.strip_prefix("##") {
        Some(_) => format!("{line}\n"),
        None => line.split_whitespace().collect::<Vec<_>>().join("\t") + "\n",
    };
    version.to_owned() + &text.lines().map(line).collect::<String>()
}

fn column_type(data_type: &DataType) -> DefaultColumnType {
    match data_type {
        it if it.is_integer() => DefaultColumnType::Integer,
        it if it.is_floating() => DefaultColumnType::FloatingPoint,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DefaultColumnType::Text,
        _ => DefaultColumnType::Any,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) if !text.contains(char::is_control) => text.clone(),
        other => other.to_string(),
    }
}
