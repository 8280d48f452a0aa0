//! Small files after public bug reports of other tools, each with one property, and the result that
//! is right for it. They are no part of the repository: they are looked for beside it, or where
//! `ANNOSTORE_CASES` says; their README gives the report and the source of each result.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod gff;
mod layouts;
mod tsv;
mod vcf;

use std::path::{Path, PathBuf};

use serde_json::Value;

use common::needs::skipped;
use common::program::{Home, Said};

/// The files of the cases, and a home to import them into.
struct Case {
    folder: PathBuf,
    home: Home,
}

/// What `check` says of a file: the whole text, and the effects of its findings in the service.
struct Checked {
    code: i32,
    text: String,
    effects: Vec<String>,
}

/// What `infer` finds.
struct Guess {
    said: Said,
    options: Value,
}

/// The cases of a folder; none where they are not there, and the test is skipped.
fn case(folder: &str) -> Option<Case> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    let folder = std::env::var_os("ANNOSTORE_CASES").map_or(beside, PathBuf::from).join(folder);
    if folder.is_dir() {
        return Some(Case { folder: folder.canonicalize().unwrap(), home: Home::new() });
    }
    let place = folder.display();
    skipped("cases", &format!("there is none at {place}; ANNOSTORE_CASES names another place"));
    None
}

impl Case {
    /// A home for files that the test makes.
    fn made() -> Self {
        Self { folder: PathBuf::new(), home: Home::new() }
    }

    /// The path of a case; that of a file of this name beside the home, where the test made one.
    fn path(&self, name: &str) -> String {
        let made = self.home.beside(name);
        let path = if made.exists() { made } else { self.folder.join(name) };
        assert!(path.exists(), "there is no case {name}");
        path.to_str().unwrap().to_owned()
    }

    /// Checks a file, with further arguments.
    fn check(&self, file: &str, more: &[&str]) -> Checked {
        let path = self.path(file);
        let arguments = |form: &'static str| {
            ["check", "--output", form, &path].into_iter().chain(more.iter().copied())
        };
        let json = self.home.run(arguments("json"));
        let text = self.home.run(arguments("text"));
        let report: Value = serde_json::from_str(&json.out).unwrap_or(Value::Null);
        let rules = report["files"].as_array().into_iter().flatten();
        let rules = rules.flat_map(|it| it["rules"].as_array().cloned().unwrap_or_default());
        Checked {
            code: text.code,
            effects: rules.map(|it| it["effect"].as_str().unwrap().to_owned()).collect(),
            text: format!("{}{}", text.out, text.err),
        }
    }

    /// Makes the store `s` of this format, and imports a file into it.
    fn import(&self, format: &str, file: &str, more: &[&str]) -> Said {
        let made = ["store", "create", "--name", "s00", "--store-format", format];
        self.home.done(made.iter().chain(&["--reference-arn", "arn:x"]));
        self.import_more(file, more)
    }

    /// Imports a file into the store that is there.
    fn import_more(&self, file: &str, more: &[&str]) -> Said {
        let path = self.path(file);
        self.home.run(["import", &path, "--store", "s00"].iter().chain(more))
    }

    /// Imports a VCF file whole.
    #[track_caller]
    fn stored(&self, file: &str) {
        let said = self.import("VCF", file, &[]);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }

    /// Runs a query.
    fn query(&self, sql: &str, more: &[&str]) -> Said {
        self.home.run(["query", "-f", "ndjson", sql].iter().chain(more))
    }

    /// The rows of a query, each the JSON of its values.
    #[track_caller]
    fn rows(&self, sql: &str) -> Vec<Value> {
        self.rows_of(sql, &[])
    }

    #[track_caller]
    fn rows_of(&self, sql: &str, more: &[&str]) -> Vec<Value> {
        let said = self.query(sql, more);
        assert_eq!(said.code, 0, "{sql}: {}", said.err);
        said.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }

    /// The values of the one column of a query.
    #[track_caller]
    fn column(&self, sql: &str) -> Vec<Value> {
        let value = |row: Value| row.as_object().unwrap().values().next().unwrap().clone();
        self.rows(sql).into_iter().map(value).collect()
    }

    /// Infers the options of a file.
    fn infer(&self, file: &str, more: &[&str]) -> Guess {
        let path = self.path(file);
        let said = self.home.run(["infer", &path].iter().chain(more));
        let options = serde_json::from_str(&said.out).unwrap_or(Value::Null);
        Guess { said, options }
    }

    /// Checks a file with the options that `infer` found for it.
    fn check_with(&self, file: &str, guess: &Guess) -> Checked {
        let request = self.home.file("it.json", guess.options.to_string());
        let request = request.to_str().unwrap();
        self.check(file, &["--options", request, "--request", request])
    }

    /// Imports a file with the options that `infer` found for it.
    #[track_caller]
    fn import_with(&self, file: &str, guess: &Guess) {
        let request = self.home.file("it.json", guess.options.to_string());
        let request = request.to_str().unwrap();
        let made = ["store", "create", "--request", request, "--name", "s00"];
        self.home.done(made.iter().chain(&["--reference-arn", "arn:x"]));
        let said = self.import_more(file, &["--request", request]);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }
}

impl Checked {
    fn has(&self, effect: &str) -> bool {
        self.effects.iter().any(|it| it == effect)
    }

    /// Whether the text has one of these words, in any case.
    fn says(&self, words: &[&str]) -> bool {
        says(&self.text, words)
    }
}

impl Guess {
    fn store(&self) -> &Value {
        &self.options["storeOptions"]["tsvStoreOptions"]
    }

    fn read(&self, option: &str) -> &Value {
        &self.options["formatOptions"]["tsvOptions"]["readOptions"][option]
    }

    fn kind(&self) -> &str {
        self.store()["annotationType"].as_str().unwrap_or_default()
    }

    /// The column that stands for CHR, POS, START, END, REF or ALT.
    fn role(&self, key: &str) -> &str {
        self.store()["formatToHeader"][key].as_str().unwrap_or_default()
    }

    fn schema(&self) -> Vec<(String, String)> {
        let columns = self.store()["schema"].as_array().cloned().unwrap_or_default();
        let pair = |it: &Value| {
            let (name, kind) = it.as_object()?.iter().next()?;
            Some((name.clone(), kind.as_str()?.to_owned()))
        };
        columns.iter().filter_map(pair).collect()
    }

    fn names(&self) -> Vec<String> {
        self.schema().into_iter().map(|it| it.0).collect()
    }

    /// Whether notes and errors have one of these words, in any case.
    fn says(&self, words: &[&str]) -> bool {
        says(&self.said.err, words)
    }
}

/// Whether a text has one of these words, in any case.
fn says(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|it| text.contains(&it.to_lowercase()))
}
