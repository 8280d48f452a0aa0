//! Manifests, which list data files, and manifest lists, which list manifests.
//! [Specification](https://iceberg.apache.org/spec/#manifests).

use std::cmp::{max, min};

use arrow::datatypes::{DataType, Schema};
use serde_json::Value;

use super::avro::{Record, container};
use super::schema::id;
use super::table::Snapshot;
use crate::catalog::DataFile;
use crate::model::{Error, Result};
use crate::write::CoordinateNames;

/// The schemas of both kinds of files, with the fields that are written of those the specification
/// has.
const ENTRY: &str = include_str!("manifest_entry.json");
const LISTED: &str = include_str!("manifest_file.json");

/// The status of a file that its snapshot added.
const ADDED: i64 = 1;
/// The content of a file that has rows.
const DATA: i64 = 0;

/// The columns of which bounds are told.
pub struct BoundColumns {
    contig: BoundColumn,
    start: BoundColumn,
    end: BoundColumn,
}

struct BoundColumn {
    id: i64,
    /// Whether its integers have 32 bits.
    is_int: bool,
    /// Whether every row has a value.
    required: bool,
}

impl BoundColumns {
    /// Those of files with these columns.
    pub fn new(schema: &Schema, names: &CoordinateNames) -> Result<Self> {
        let column = |name: &str| -> Result<BoundColumn> {
            let field = schema.field_with_name(name).map_err(|error| {
                Error::internal("the schema has no coordinates").with_source(error)
            })?;
            Ok(BoundColumn {
                id: id(field)?,
                is_int: *field.data_type() == DataType::Int32,
                required: !field.is_nullable(),
            })
        };
        Ok(Self {
            contig: column(&names.contig)?,
            start: column(&names.start)?,
            end: column(&names.end)?,
        })
    }
}

impl BoundColumn {
    /// An integer as Iceberg keeps single values.
    fn integer(&self, value: i64) -> Vec<u8> {
        match i32::try_from(value) {
            Ok(value) if self.is_int => value.to_le_bytes().to_vec(),
            _ => value.to_le_bytes().to_vec(),
        }
    }
}

/// The manifest of what one commit added: its files, and the schema that the version had then.
pub fn manifest(
    snapshot: &Snapshot,
    files: &[DataFile],
    schema: &Value,
    bounds: Option<&BoundColumns>,
) -> Result<Vec<u8>> {
    let entries = files.iter().map(|it| entry(snapshot, it, bounds));
    let entries = entries.collect::<Result<Vec<_>>>()?;
    let metadata = [
        ("schema", schema.to_string()),
        ("schema-id", snapshot.schema_id().to_string()),
        ("partition-spec", "[]".to_owned()),
        ("partition-spec-id", "0".to_owned()),
        ("format-version", "2".to_owned()),
        ("content", "data".to_owned()),
    ];
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Ok(container(ENTRY, &metadata, entries))
}

fn entry(snapshot: &Snapshot, file: &DataFile, bounds: Option<&BoundColumns>) -> Result<Record> {
    let mut record = Record::default();
    record.long(ADDED).some().long(snapshot.id);
    record.some().count(snapshot.number).some().count(snapshot.number);
    record.long(DATA).bytes(file.place.url()?.as_bytes()).bytes(b"PARQUET");
    record.count(file.rows).count(file.bytes);
    let told = bounds.map(|columns| Bounds::of(file, columns)).unwrap_or_default();
    let count = |it: &mut Record, (id, count): &(i64, u64)| _ = it.long(*id).count(*count);
    record.some().array(&told.values, count).some().array(&told.nulls, count);
    let bound = |it: &mut Record, (id, value): &(i64, Vec<u8>)| _ = it.long(*id).bytes(value);
    record.some().array(&told.lower, bound).some().array(&told.upper, bound);
    Ok(record)
}

/// What is told of the coordinates in a file, by the ids of their columns.
#[derive(Default)]
struct Bounds {
    values: Vec<(i64, u64)>,
    nulls: Vec<(i64, u64)>,
    lower: Vec<(i64, Vec<u8>)>,
    upper: Vec<(i64, Vec<u8>)>,
}

impl Bounds {
    fn of(file: &DataFile, columns: &BoundColumns) -> Self {
        let BoundColumns { contig, start, end } = columns;
        let mut told = Self::default();
        for column in [contig, start, end].into_iter().filter(|it| it.required) {
            told.values.push((column.id, file.rows));
            told.nulls.push((column.id, 0));
        }
        let contigs = || file.bounds.iter().map(|it| it.contig.as_bytes());
        if let (Some(lowest), Some(highest)) = (contigs().min(), contigs().max()) {
            told.lower.push((contig.id, lowest.to_vec()));
            told.upper.push((contig.id, highest.to_vec()));
        }
        // Rows without a place have no part in it.
        let lowest = file.bounds.iter().map(|it| it.min_start).fold(i64::MAX, min);
        if lowest != i64::MAX {
            told.lower.push((start.id, start.integer(lowest)));
        }
        let highest = file.bounds.iter().map(|it| it.max_end).fold(i64::MIN, max);
        if highest != i64::MIN {
            told.upper.push((end.id, end.integer(highest)));
        }
        told
    }
}

/// A manifest that is written: what lists say of it.
pub struct Listed<'a> {
    /// What its commit added.
    pub snapshot: &'a Snapshot,
    /// Where it is.
    pub url: String,
    /// Its size.
    pub bytes: u64,
}

/// The list of the manifests of one snapshot: those of its own commit and of all before it.
pub fn manifest_list(snapshot: &Snapshot, parent: Option<i64>, all: &[Listed<'_>]) -> Vec<u8> {
    let record = |it: &Listed<'_>| {
        let Listed { snapshot: added, url, bytes } = it;
        let mut record = Record::default();
        record.bytes(url.as_bytes()).count(*bytes).long(0).long(DATA);
        record.count(added.number).count(added.number).long(added.id);
        record.count(added.files).long(0).long(0);
        record.count(added.rows).long(0).long(0);
        record
    };
    let [id, number] = [snapshot.id.to_string(), snapshot.number.to_string()];
    let parent = parent.map_or_else(|| "null".to_owned(), |it| it.to_string());
    let metadata = [
        ("snapshot-id", id.as_str()),
        ("parent-snapshot-id", parent.as_str()),
        ("sequence-number", number.as_str()),
        ("format-version", "2"),
    ];
    container(LISTED, &metadata, all.iter().map(record))
}
