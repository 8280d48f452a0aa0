//! Reads a text, and keeps its rows.

use std::collections::BTreeMap;
use std::fs;

use annostore::model::{
    AnnotationType, ColumnType, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use annostore::read::tsv::{Reader, Sink, TsvReading};
use annostore::read::{Format, Pipe};
use serde_json::{Value, json};

use crate::common::corpus::corpus;

/// A file of the corpus; none where the corpus is not there, and the test is skipped.
pub fn corpus_file(name: &str) -> Option<Vec<u8>> {
    corpus().map(|it| fs::read(it.join("spark-csv").join(name)).unwrap())
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
pub struct Read {
    pub rows: Vec<Vec<Value>>,
    pub rejected: u64,
}

pub fn options(given: &Value) -> ReadOptions {
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

pub fn generic(columns: &[(&str, ColumnType)]) -> TsvStoreOptions {
    TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::new(),
        schema: columns
            .iter()
            .map(|(name, data_type)| SchemaColumn {
                name: (*name).to_owned(),
                data_type: *data_type,
            })
            .collect(),
    }
}

pub fn schema(given: &Value) -> TsvStoreOptions {
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

pub fn read(input: &[u8], store: TsvStoreOptions, options: Option<&ReadOptions>) -> Result<Read> {
    let mut read = Read { rows: Vec::new(), rejected: 0 };
    if input.is_empty() {
        // Refused as a file before it is read; Spark reads no rows.
        return Ok(read);
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), input).unwrap();
    let reading = TsvReading::new(store, options)?;
    let pipe = Pipe::new(Some(1), 64)?;
    let source = reading.source(file.path().to_str().unwrap(), &pipe.meter)?;
    for parsed in Reader::open(source, &pipe, &reading, 10)?.records(Rows::default) {
        let parsed = parsed?;
        read.rejected += parsed.rejected_lines;
        read.rows.extend(parsed.output);
    }
    Ok(read)
}
