//! What an import stores of a file, as text.

use std::fmt::Display;
use std::fs;
use std::sync::Arc;

use annostore::model::{HalfOpen, Result};
use annostore::read::gff::{self, Feature, GffReading, Tag};
use annostore::read::tsv::{self, TsvReading};
use annostore::read::vcf::{self, Elements, Fixed, SampleColumn, VcfReading};
use annostore::read::{Format, Pipe};

/// The rows of a VCF file.
pub fn of_vcf(file: &[u8]) -> Vec<String> {
    let (folder, pipe) = (tempfile::tempdir().unwrap(), Pipe::new(Some(1), 1 << 20).unwrap());
    let path = folder.path().join("a.vcf");
    fs::write(&path, file).unwrap();
    let reading = VcfReading::default();
    let source = reading.source(path.to_str().unwrap(), &pipe.meter).unwrap();
    let reader = vcf::Reader::open(source, &pipe, &reading, 0).unwrap();
    let keys = reader.file.header.info.iter().map(|it| it.key.clone()).collect();
    let keys: Arc<Vec<String>> = Arc::new(keys);
    let make = move || VcfRows { keys: Arc::clone(&keys), ..VcfRows::default() };
    reader.records(make).flat_map(|it| it.unwrap().output).collect()
}

/// The rows of a GFF3 file.
pub fn of_gff(file: &[u8]) -> Vec<String> {
    let (folder, pipe) = (tempfile::tempdir().unwrap(), Pipe::new(Some(1), 1 << 20).unwrap());
    let path = folder.path().join("a.gff3");
    fs::write(&path, file).unwrap();
    let source = GffReading.source(path.to_str().unwrap(), &pipe.meter).unwrap();
    let reader = gff::Reader::open(source, &pipe, &GffReading, 0).unwrap();
    reader.records(GffRows::default).flat_map(|it| it.unwrap().output).collect()
}

/// The rows of a TSV file.
pub fn of_tsv(file: &[u8], reading: &TsvReading) -> Vec<String> {
    let (folder, pipe) = (tempfile::tempdir().unwrap(), Pipe::new(Some(1), 1 << 20).unwrap());
    let path = folder.path().join("a.tsv");
    fs::write(&path, file).unwrap();
    let source = reading.source(path.to_str().unwrap(), &pipe.meter).unwrap();
    let reader = tsv::Reader::open(source, &pipe, reading, 0).unwrap();
    reader.records(TsvRows::default).flat_map(|it| it.unwrap().output).collect()
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Values as they compare whether they are typed or text: `0.50` is `0.5`.
fn plain(value: &str) -> String {
    let element = |it: &str| it.parse::<f64>().map_or(it.to_owned(), |it| it.to_string());
    value.split(',').map(element).collect::<Vec<_>>().join(",")
}

#[derive(Default)]
struct VcfRows {
    keys: Arc<Vec<String>>,
    rows: Vec<String>,
    fixed: String,
    entries: Vec<(String, String)>,
    name: String,
    list: Vec<String>,
    sample: String,
}

impl VcfRows {
    fn entry(&mut self, name: String, value: &str) {
        // Whether a key without a value is a flag or an absent value is what a definition says.
        if value != "." {
            self.entries.push((name, plain(value)));
        }
    }

    fn push(&mut self, value: Option<impl Display>) {
        self.list.push(value.map_or(".".to_owned(), |it| it.to_string()));
    }

    fn end(&mut self) {
        let value = std::mem::take(&mut self.list).join(",");
        self.entry(self.name.clone(), &value);
    }
}

impl Elements<i64> for VcfRows {
    fn push(&mut self, value: Option<i64>) {
        self.push(value);
    }
    fn finish(&mut self) {
        self.end();
    }
    fn abandon(&mut self) {
        self.list.clear();
    }
}

impl Elements<i32> for VcfRows {
    fn push(&mut self, value: Option<i32>) {
        self.push(value);
    }
    fn finish(&mut self) {
        self.end();
    }
    fn abandon(&mut self) {
        self.list.clear();
    }
}

impl Elements<f64> for VcfRows {
    fn push(&mut self, value: Option<f64>) {
        self.push(value);
    }
    fn finish(&mut self) {
        self.end();
    }
    fn abandon(&mut self) {
        self.list.clear();
    }
}

impl<'a> Elements<&'a [u8]> for VcfRows {
    fn push(&mut self, value: Option<&'a [u8]>) {
        self.push(value.map(shown));
    }
    fn finish(&mut self) {
        self.end();
    }
    fn abandon(&mut self) {
        self.list.clear();
    }
}

impl vcf::Sink for VcfRows {
    type Output = Vec<String>;
    type Integers = Self;
    type SampleIntegers = Self;
    type Floats = Self;
    type Texts = Self;

    fn record(&mut self, it: &Fixed<'_>) {
        let texts = [it.contig, it.ids, it.reference, it.alternates, it.filters].map(shown);
        self.fixed = format!("{texts:?} {:?}", it.quality);
        self.entries.clear();
    }
    fn integer(&mut self, column: usize, value: i64) {
        self.entry(self.keys[column].clone(), &value.to_string());
    }
    fn float(&mut self, column: usize, value: f64) {
        self.entry(self.keys[column].clone(), &value.to_string());
    }
    fn text(&mut self, column: usize, value: &[u8]) {
        self.entry(self.keys[column].clone(), &shown(value));
    }
    fn flag(&mut self, _: usize) {}
    fn integers(&mut self, column: usize) -> &mut Self {
        self.name = self.keys[column].clone();
        self
    }
    fn floats(&mut self, column: usize) -> &mut Self {
        self.name = self.keys[column].clone();
        self
    }
    fn texts(&mut self, column: usize) -> &mut Self {
        self.name = self.keys[column].clone();
        self
    }
    fn forget(&mut self, column: usize) {
        let key = self.keys[column].clone();
        self.entries.retain(|it| it.0 != key);
    }
    fn other(&mut self, key: &[u8], value: &[u8]) {
        self.entry(shown(key), &shown(value));
    }
    fn sample(&mut self, index: usize) {
        self.sample = format!("sample {index} ");
    }
    fn phased(&mut self, phased: bool) {
        self.entries.push((self.sample.clone() + "phased", phased.to_string()));
    }
    fn sample_integer(&mut self, column: SampleColumn, value: i32) {
        self.entries.push((format!("{}{column:?}", self.sample), value.to_string()));
    }
    fn sample_integers(&mut self, column: SampleColumn) -> &mut Self {
        self.name = format!("{}{column:?}", self.sample);
        self
    }
    fn sample_floats(&mut self, column: SampleColumn) -> &mut Self {
        self.name = format!("{}{column:?}", self.sample);
        self
    }
    fn information(&mut self, key: &str, value: &[u8]) {
        self.entries.push((format!("{}{key}", self.sample), shown(value)));
    }
    fn end_record(&mut self, span: HalfOpen) {
        self.entries.sort();
        self.rows.push(format!("{} {span:?} {:?}", self.fixed, self.entries));
    }
    fn finish(self) -> Result<Self::Output> {
        Ok(self.rows)
    }
}

#[derive(Default)]
struct GffRows(Vec<String>);

impl GffRows {
    fn add(&mut self, text: &str) {
        self.0.last_mut().unwrap().push_str(text);
    }
}

impl gff::Sink for GffRows {
    type Output = Vec<String>;

    fn feature(&mut self, _: u64, feature: &Feature<'_>) {
        self.0.push(format!("{feature:?}"));
    }
    fn text(&mut self, tag: Tag, value: &[u8]) {
        self.add(&format!(" {tag:?}={:?}", shown(value)));
    }
    fn begin_list(&mut self, tag: Tag) {
        self.add(&format!(" {tag:?}="));
    }
    fn element(&mut self, _: Tag, value: &[u8]) {
        self.add(&format!("{:?},", shown(value)));
    }
    fn end_list(&mut self, _: Tag) {}
    fn is_circular(&mut self, value: bool) {
        self.add(&format!(" circular={value}"));
    }
    fn other(&mut self, tag: &[u8], value: &[u8]) {
        self.add(&format!(" {:?}={:?}", shown(tag), shown(value)));
    }
    fn end_feature(&mut self) {}
    fn finish(self) -> Result<Self::Output> {
        Ok(self.0)
    }
}

#[derive(Default)]
struct TsvRows(Vec<String>);

impl TsvRows {
    fn add(&mut self, value: impl Display) {
        self.0.last_mut().unwrap().push_str(&format!("{value}|"));
    }
}

impl tsv::Sink for TsvRows {
    type Output = Vec<String>;

    fn begin_row(&mut self, _: u64, _: &[u8]) {
        self.0.push(String::new());
    }
    fn null(&mut self, _: usize) {
        self.add("null");
    }
    fn int(&mut self, _: usize, value: i32) {
        self.add(value);
    }
    fn long(&mut self, _: usize, value: i64) {
        self.add(value);
    }
    fn float(&mut self, _: usize, value: f32) {
        self.add(value);
    }
    fn double(&mut self, _: usize, value: f64) {
        self.add(value);
    }
    fn boolean(&mut self, _: usize, value: bool) {
        self.add(value);
    }
    fn text(&mut self, _: usize, value: &[u8]) {
        self.add(format!("{:?}", shown(value)));
    }
    fn finish(self) -> Result<Self::Output> {
        Ok(self.0)
    }
}
