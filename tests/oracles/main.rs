//! Our readers and writers against libraries that were written apart from them: noodles for VCF,
//! GFF3, FASTA and BGZF, csv for separated values. Inputs are generated, the same in each run;
//! where a library reads something otherwise by design, the generator leaves it out and says why.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod bcf;
mod bgzf;
mod fasta;
mod gff;
mod tsv;
mod vcf;

use std::cell::Cell;

use common::program::Home;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use serde_json::Value;

/// Tries so many inputs, the same in each run.
fn check<S: Strategy>(cases: u32, inputs: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(inputs, test) {
        panic!("{error}");
    }
}

/// A home in which each text gets a store of its own.
struct Stores {
    home: Home,
    made: Cell<u32>,
}

impl Stores {
    fn new() -> Self {
        Self { home: Home::new(), made: Cell::new(0) }
    }

    /// Imports a file of this name and content, and gives the rows of its store. A request tells
    /// the schema and the options of a TSV file.
    fn rows(&self, name: &str, content: &[u8], request: Option<&Value>) -> Vec<Value> {
        let store = format!("store{}", self.made.replace(self.made.get() + 1));
        self.home.file(name, content);
        let mut create = vec!["store", "create", "--name", &store, "--reference-arn", "arn:x"];
        let mut import = vec!["import", name, "--store", &store];
        if let Some(request) = request {
            self.home.file("request.json", request.to_string());
            for command in [&mut create, &mut import] {
                command.extend(["--request", "request.json"]);
            }
        } else {
            let format = if name.contains(".gff3") { "GFF" } else { "VCF" };
            create.extend(["--store-format", format]);
        }
        self.home.done(create);
        self.home.done(import);
        self.answer(&format!("SELECT * FROM {store}"))
    }

    /// The rows of an answer.
    fn answer(&self, sql: &str) -> Vec<Value> {
        let text = self.home.done(["query", sql, "--format", "ndjson"]);
        text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }
}

/// Whether two values are the same, floats as far as 32 bits tell, which is what noodles keeps.
fn alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, it)| alike(ours, it))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, ours)| theirs.get(key).is_some_and(|it| alike(ours, it)))
        }
        (Value::Number(ours), Value::Number(theirs)) if theirs.is_f64() => {
            let narrow = |it: &serde_json::Number| it.as_f64().map(as_f32);
            narrow(ours) == narrow(theirs)
        }
        _ => ours == theirs,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "to 32 bits is what is asked for")]
fn as_f32(it: f64) -> f32 {
    it as f32
}

/// Compares the members that an oracle knows of a row.
fn compare(row: &Value, expected: &Value, text: &[u8]) -> TestCaseResult {
    for (key, theirs) in expected.as_object().unwrap() {
        let ours = &row[key];
        let text = String::from_utf8_lossy(text);
        prop_assert!(alike(ours, theirs), "{key}: {ours}, but the oracle {theirs}, in\n{text}");
    }
    Ok(())
}
