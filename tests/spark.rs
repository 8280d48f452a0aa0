//! The reader against what Apache Spark itself returned, case by case: `spark-csv/CASES.md` in the corpus says how.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use annostore::model::{
    AnnotationType, ColumnType, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use annostore::read::Pipe;
use annostore::read::tsv::{Reader, Sink, TsvReading, open_source};
use serde_json::{Value, json};

/// Cases that differ from Spark, with the reason.
const EXCEPTIONS: [(u64, &str); 0] = [];

fn corpus() -> PathBuf {
    std::env::var_os("ANNOSTORE_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    )
}

/// A file of the corpus, or none, said loudly, where the corpus is not here.
fn corpus_file(name: &str) -> Option<Vec<u8>> {
    let path = corpus().join("spark-csv").join(name);
    let content = fs::read(&path);
    if content.is_err() {
        eprintln!("SKIPPED: {} is not here; set ANNOSTORE_CORPUS", path.display());
    }
    content.ok()
}

/// Rows as JSON, as the cases write them.
#[derive(Default)]
struct Rows {
    rows: Vec<Vec<Value>>,
}

impl Rows {
    fn put(&mut self, value: Value) {
        self.rows.last_mut().unwrap().push(value);
    }

    fn put_float(&mut self, value: f64) {
        self.put(if value.is_nan() {
            json!({ "f": "NaN" })
        } else if value.is_infinite() {
            json!({ "f": if value > 0.0 { "Infinity" } else { "-Infinity" } })
        } else {
            json!(value)
        });
    }
}

impl Sink for Rows {
    type Output = Vec<Vec<Value>>;

    fn begin_row(&mut self, _: u64, _: &[u8]) {
        self.rows.push(Vec::new());
    }
    fn null(&mut self, column: usize) {
        assert_eq!(self.rows.last().unwrap().len(), column);
        self.put(Value::Null);
    }
    fn int(&mut self, _: usize, value: i32) {
        self.put(json!(value));
    }
    fn long(&mut self, _: usize, value: i64) {
        self.put(json!(value));
    }
    fn float(&mut self, _: usize, value: f32) {
        self.put_float(f64::from(value));
    }
    fn double(&mut self, _: usize, value: f64) {
        self.put_float(value);
    }
    fn boolean(&mut self, _: usize, value: bool) {
        self.put(json!(value));
    }
    fn text(&mut self, _: usize, value: &[u8]) {
        self.put(json!(String::from_utf8(value.to_vec()).unwrap()));
    }
    fn finish(self) -> Result<Self::Output> {
        Ok(self.rows)
    }
}

/// What came out of a file.
#[derive(Debug, PartialEq)]
struct Read {
    rows: Vec<Vec<Value>>,
    rejected: u64,
}

fn options(given: &Value) -> ReadOptions {
    let text = |key: &str| given[key].as_str().map(str::to_owned);
    ReadOptions {
        sep: text("sep"),
        encoding: text("encoding"),
        quote: text("quote"),
        escape: text("escape"),
        comment: text("comment"),
        header: given["header"].as_bool(),
        line_sep: text("lineSep"),
        ..ReadOptions::default()
    }
}

fn generic(columns: &[(&str, ColumnType)]) -> TsvStoreOptions {
    TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: Default::default(),
        schema: columns
            .iter()
            .map(|(name, data_type)| SchemaColumn {
                name: (*name).to_owned(),
                data_type: *data_type,
            })
            .collect(),
    }
}

fn schema(given: &Value) -> TsvStoreOptions {
    let columns: Vec<(&str, ColumnType)> = given
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let (name, data_type) = it.as_object().unwrap().iter().next().unwrap();
            (name.as_str(), ColumnType::parse(data_type.as_str().unwrap()).unwrap())
        })
        .collect();
    generic(&columns)
}

fn read(input: &[u8], store: TsvStoreOptions, options: Option<&ReadOptions>) -> Result<Read> {
    let mut read = Read { rows: Vec::new(), rejected: 0 };
    if input.is_empty() {
        // Refused as a file before it is read; Spark reads no rows.
        return Ok(read);
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), input).unwrap();
    let reading = TsvReading::new(store, options)?;
    let pipe = Pipe::new(Some(1), 64)?;
    let source = open_source(file.path().to_str().unwrap(), &pipe.meter, &reading)?;
    for parsed in Reader::open(source, &pipe, &reading, 10)?.records(Rows::default) {
        let parsed = parsed?;
        read.rejected += parsed.rejected_lines;
        read.rows.extend(parsed.output);
    }
    Ok(read)
}

fn base64(text: &str) -> Vec<u8> {
    let value = |it: u8| match it {
        b'A'..=b'Z' => it - b'A',
        b'a'..=b'z' => it - b'a' + 26,
        b'0'..=b'9' => it - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for it in text.bytes().filter(|it| *it != b'=') {
        bits = bits << 6 | u32::from(value(it));
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

/// What is wrong with our reading of a case, if anything is.
fn difference(case: &Value) -> Option<String> {
    let input = base64(case["input_b64"].as_str().unwrap());
    let read = read(&input, schema(&case["schema"]), Some(&options(&case["options"]))).unwrap();
    let verdict =
        if read.rejected > 0 { "fails".to_owned() } else { format!("{} rows", read.rows.len()) };
    if verdict != case["failfast"].as_str().unwrap() {
        return Some(format!("{verdict}, but Spark {}: {read:?}", case["failfast"]));
    }
    if case["kind"] == "garbage" {
        return None;
    }
    let malformed = case["malformed"].as_array().unwrap();
    let sound: Vec<&Value> = case["rows"]
        .as_array()
        .unwrap()
        .iter()
        .zip(malformed)
        .filter_map(|(row, malformed)| (malformed == false).then_some(row))
        .collect();
    let own: Vec<Value> = read.rows.iter().cloned().map(Value::from).collect();
    let same = own.len() == sound.len() && own.iter().zip(&sound).all(|(own, it)| alike(own, it));
    let rejected = malformed.iter().filter(|it| **it == true).count() as u64;
    (!same || read.rejected != rejected).then(|| format!("{own:?}, but Spark {sound:?}"))
}

/// Whether two values are the same, be a whole float written as an integer.
fn alike(own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::Array(own), Value::Array(other)) => {
            own.len() == other.len() && own.iter().zip(other).all(|(own, it)| alike(own, it))
        }
        (Value::Number(own), Value::Number(other)) => {
            own == other || own.as_f64() == other.as_f64()
        }
        (own, other) => own == other,
    }
}

#[test]
fn every_case_reads_as_in_spark() {
    let Some(cases) = corpus_file("cases.jsonl") else { return };
    let mut differences = Vec::new();
    let mut count = 0;
    for line in cases.split(|it| *it == b'\n').filter(|it| !it.is_empty()) {
        let case: Value = serde_json::from_slice(line).unwrap();
        let id = case["id"].as_u64().unwrap();
        let excepted = EXCEPTIONS.iter().any(|it| it.0 == id);
        let difference = difference(&case);
        if difference.is_some() != excepted {
            let input = base64(case["input_b64"].as_str().unwrap());
            differences.push(format!(
                "{id} {} {} {} {:?}",
                case["kind"],
                case["options"],
                String::from_utf8_lossy(&input).escape_debug(),
                difference
            ));
        }
        count += 1;
    }
    assert!(
        differences.is_empty(),
        "{} of {count}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
