//! Stores made by hand: rows as JSON, written with the schema of the writer, and a set of names
//! that needs no catalog.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use annostore::catalog::{ContigBounds, DataFile, ResourceStatus, Storage, StoreEntry, Version};
use annostore::model::info::assign_columns;
use annostore::model::{Account, InfoColumn, Name, Result, StoreFormat, ValueType};
use annostore::query::{Engine, Options, Tables, View};
use annostore::write::BlockChecksums;
use annostore::write::schema::vcf_schema;
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::json::ReaderBuilder;
use datafusion::physical_plan::ExecutionPlan;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

/// The INFO columns of a header: key, type, whether a list.
pub fn info(keys: &[(&str, ValueType, bool)]) -> Vec<InfoColumn> {
    let keys: Vec<_> =
        keys.iter().map(|(key, value, list)| ((*key).to_owned(), *value, *list)).collect();
    assign_columns(&[], &keys).unwrap()
}

/// A home with stores.
#[derive(Debug)]
pub struct Home {
    folder: tempfile::TempDir,
    versions: Vec<(Name, Name, Version, Vec<DataFile>)>,
}

fn name(text: &str) -> Name {
    Name::new("name", text).unwrap()
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), versions: Vec::new() }
    }

    /// Adds a version whose files were written with their own INFO columns.
    pub fn version(
        &mut self,
        store: &str,
        version: &str,
        columns: &[InfoColumn],
        files: Vec<DataFile>,
    ) -> &mut Self {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let row = Version {
            id: format!("{store}-{version}"),
            account: Account::new(Account::DEFAULT).unwrap(),
            store_id: store.to_owned(),
            store_name: name(store),
            name: name(version),
            description: String::new(),
            options: None,
            status: ResourceStatus::Active,
            status_message: String::new(),
            created: now,
            updated: now,
            tags: BTreeMap::new(),
            size_bytes: files.iter().map(|it| it.bytes).sum(),
            row_count: files.iter().map(|it| it.rows).sum(),
            info_columns: columns.to_vec(),
        };
        self.versions.push((name(store), name(version), row, files));
        self
    }

    /// Writes rows as a data file; what a row leaves out gets a default or is null.
    pub fn file(&self, columns: &[InfoColumn], rows: &[Value]) -> DataFile {
        self.file_in_groups(columns, rows, 131_072, 20_000)
    }

    pub fn file_in_groups(
        &self,
        columns: &[InfoColumn],
        rows: &[Value],
        group: usize,
        page: usize,
    ) -> DataFile {
        let schema = vcf_schema(columns);
        let mut reader = ReaderBuilder::new(schema.clone()).with_batch_size(rows.len() + 1);
        reader = reader.with_strict_mode(true);
        let mut decoder = reader.build_decoder().unwrap();
        let rows: Vec<Value> = rows.iter().map(with_defaults).collect();
        decoder.serialize(&rows).unwrap();
        let batch = decoder.flush().unwrap().unwrap();
        let place = self.storage().place(format!("{}.parquet", uuid::Uuid::new_v4()));
        let path = place.path().unwrap();
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(group))
            .set_data_page_row_count_limit(page)
            .set_write_batch_size(page.min(1024))
            .build();
        let file = File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        DataFile {
            bytes: path.metadata().unwrap().len(),
            rows: batch.num_rows() as u64,
            bounds: bounds(&batch),
            other_keys: Some(other_keys(&rows)),
            sha256: String::new(),
            checksums: Some(BlockChecksums::of(&std::fs::read(&path).unwrap())),
            place,
        }
    }

    fn storage(&self) -> Storage {
        Storage::of_folder(self.folder.path()).unwrap()
    }

    pub fn engine(self) -> Engine {
        self.engine_with(Options { threads: 2, ..Options::default() })
    }

    pub fn engine_with(self, options: Options) -> Engine {
        Engine::new(Arc::new(self.tables()), options).unwrap()
    }

    /// The stores. The folder goes with them.
    pub fn tables(self) -> impl Tables + 'static {
        Fixed(Arc::new(self))
    }
}

fn with_defaults(row: &Value) -> Value {
    let mut full = json!({
        "importjobid": "job-1", "contigname": "chr1", "splitfrommultiallelic": false,
        "referenceallele": "A", "alternatealleles": ["G"], "filters": ["PASS"],
    });
    for (key, value) in row.as_object().unwrap() {
        full[key] = value.clone();
    }
    if full.get("end").is_none() {
        full["end"] = json!(full["start"].as_i64().unwrap() + 1);
    }
    full
}

fn bounds(batch: &RecordBatch) -> Vec<ContigBounds> {
    let column = |name: &str| batch.column_by_name(name).unwrap().clone();
    let (contigs, starts, ends) = (column("contigname"), column("start"), column("end"));
    let (starts, ends) = (starts.as_primitive::<Int64Type>(), ends.as_primitive::<Int64Type>());
    let mut bounds: Vec<ContigBounds> = Vec::new();
    for row in 0..batch.num_rows() {
        let contig = contigs.as_string::<i32>().value(row);
        let (start, end) = (starts.value(row), ends.value(row).max(starts.value(row)));
        match bounds.iter_mut().find(|it| it.contig == contig) {
            Some(known) => {
                known.min_start = known.min_start.min(start);
                known.max_end = known.max_end.max(end);
                known.rows += 1;
            }
            None => bounds.push(ContigBounds {
                contig: contig.to_owned(),
                min_start: start,
                max_end: end,
                rows: 1,
            }),
        }
    }
    bounds
}

fn other_keys(rows: &[Value]) -> Vec<String> {
    let maps = rows.iter().filter_map(|row| row.get("info_other")?.as_object());
    let mut keys: Vec<String> = maps.flat_map(|map| map.keys().cloned()).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[derive(Debug)]
struct Fixed(Arc<Home>);

impl Tables for Fixed {
    fn view(&self) -> Result<Arc<dyn View>> {
        Ok(Arc::new(Fixed(Arc::clone(&self.0))))
    }
}

impl View for Fixed {
    fn storage(&self) -> Storage {
        self.0.storage()
    }

    fn stores(&self) -> Result<Vec<StoreEntry>> {
        let mut stores: Vec<StoreEntry> = Vec::new();
        for (store, version, ..) in &self.0.versions {
            match stores.iter_mut().find(|it| it.name == *store) {
                Some(known) => known.versions.push(version.clone()),
                None => stores.push(StoreEntry {
                    id: store.to_string(),
                    account: Account::new(Account::DEFAULT).unwrap(),
                    name: store.clone(),
                    sql_name: store.to_string(),
                    format: StoreFormat::Vcf,
                    default_version: version.clone(),
                    versions: vec![version.clone()],
                }),
            }
        }
        Ok(stores)
    }

    fn open(&self, store: &StoreEntry, version: &Name) -> Result<(Version, Vec<DataFile>)> {
        let found = self.0.versions.iter().find(|(s, v, ..)| *s == store.name && v == version);
        let (_, _, row, files) = found.expect("resolved before");
        Ok((row.clone(), files.clone()))
    }
}

/// The rows of an answer as JSON objects.
pub fn rows(engine: &Engine, sql: &str) -> Vec<Value> {
    rows_in(engine, sql, &[])
}

pub fn rows_in(engine: &Engine, sql: &str, regions: &[&str]) -> Vec<Value> {
    use annostore::query::format::{Layout, NDJSON, write};
    let regions: Vec<String> = regions.iter().map(|it| (*it).to_owned()).collect();
    let mut answer = match engine.query(sql, &regions) {
        Ok(answer) => answer,
        Err(error) => panic!("{sql}\n{error}\n{:?}", error.help()),
    };
    let mut out = Vec::new();
    let schema = answer.schema();
    if let Err(error) = write(Layout::stream(&NDJSON), &schema, &mut answer, &mut out) {
        panic!("{sql}\n{error:?}");
    }
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The error of a statement that must not run.
pub fn refused(engine: &Engine, sql: &str) -> annostore::model::Error {
    match engine.query(sql, &[]).and_then(Iterator::collect::<Result<Vec<_>>>) {
        Ok(_) => panic!("ran: {sql}"),
        Err(error) => error,
    }
}

/// Runs a statement to its end and sums a metric over its plan.
pub fn metric(engine: &Engine, sql: &str, regions: &[&str], metric: &str) -> usize {
    let regions: Vec<String> = regions.iter().map(|it| (*it).to_owned()).collect();
    let mut answer = engine.query(sql, &regions).unwrap();
    while answer.next_batch().unwrap().is_some() {}
    sum(answer.plan(), metric)
}

fn sum(plan: &Arc<dyn ExecutionPlan>, metric: &str) -> usize {
    use datafusion::physical_plan::metrics::MetricValue;
    let own = plan.metrics().map_or(0, |set| {
        let values = set.iter().filter(|it| it.value().name() == metric);
        values
            .map(|it| match it.value() {
                MetricValue::PruningMetrics { pruning_metrics, .. } => pruning_metrics.pruned(),
                other => other.as_usize(),
            })
            .sum()
    });
    own + plan.children().iter().map(|it| sum(it, metric)).sum::<usize>()
}

/// The physical plan as text.
pub fn plan(engine: &Engine, sql: &str) -> String {
    let answer = engine.query(sql, &[]).unwrap();
    datafusion::physical_plan::displayable(answer.plan().as_ref()).indent(false).to_string()
}
