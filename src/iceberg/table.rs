//! A version as Iceberg's table: its snapshots, and the metadata that names them.
//! [Specification](https://iceberg.apache.org/spec/#table-metadata).

use serde_json::{Value, json};

use super::schema::{last_column_id, schema};
use crate::catalog::{Commit, Commits, Store, Version};
use crate::model::Result;

/// Snapshots that a table's metadata name: what earlier ones had is in these, too.
const KEPT: usize = 100;
/// Ids of partition fields begin behind this one.
const LAST_PARTITION_ID: i64 = 999;

/// What a table was after one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id, made from the job's.
    pub id: i64,
    /// The number of the commit within the version: Iceberg's sequence number.
    pub number: u64,
    /// The job's id.
    pub job: String,
    /// When the commit was through, in milliseconds since 1970 in UTC.
    pub milliseconds: i64,
    /// How many INFO columns the version had then.
    pub info_columns: usize,
    /// Files that the commit added.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
    /// Bytes of them.
    pub bytes: u64,
}

impl Snapshot {
    /// The id of its schema.
    pub fn schema_id(&self) -> usize {
        self.info_columns
    }

    /// What its commit added, of a version that has so many INFO columns by now.
    fn of(commit: &Commit, info_columns: usize) -> Self {
        Self {
            id: snapshot_id(&commit.job),
            number: commit.number,
            job: commit.job.clone(),
            milliseconds: commit.completed.as_millisecond(),
            info_columns: commit.info_columns.unwrap_or(info_columns).min(info_columns),
            files: commit.files,
            rows: commit.rows,
            bytes: commit.bytes,
        }
    }
}

/// A positive number from the digits of a job's id, which are random.
fn snapshot_id(job: &str) -> i64 {
    let digits = job.bytes().filter(u8::is_ascii_hexdigit).map(|it| (it as char).to_digit(16));
    let number = digits.flatten().fold(0_i64, |all, it| all.wrapping_mul(31) + i64::from(it) + 1);
    number & i64::MAX
}

/// A version as other engines see it after its last commit.
pub struct TableState<'a> {
    /// Its store.
    pub store: &'a Store,
    /// The version.
    pub version: &'a Version,
    /// Where it is, as a URL.
    pub location: String,
    /// How many commits there were.
    pub commits: u64,
    /// What the commits added whose files are there, oldest first.
    pub snapshots: Vec<Snapshot>,
}

impl<'a> TableState<'a> {
    /// The table of a version that lies there.
    pub fn new(store: &'a Store, version: &'a Version, location: String, all: &Commits) -> Self {
        let columns = version.info_columns.len();
        let mut snapshots: Vec<_> =
            all.with_files.iter().map(|it| Snapshot::of(it, columns)).collect();
        // Readers want the times in the order of the commits, whatever clocks said.
        for next in 1..snapshots.len() {
            let before = snapshots[next - 1].milliseconds;
            snapshots[next].milliseconds = snapshots[next].milliseconds.max(before);
        }
        Self { store, version, location, commits: all.count, snapshots }
    }

    /// Those of the snapshots that the metadata name, with the place of each among all.
    pub fn kept(&self) -> impl Iterator<Item = (usize, &Snapshot)> {
        self.snapshots.iter().enumerate().skip(self.snapshots.len().saturating_sub(KEPT))
    }

    /// The metadata, with the URL of the manifest list of each snapshot that is kept.
    pub fn metadata(&self, lists: &[String]) -> Result<Value> {
        let columns = self.version.info_columns.len();
        let mut ids: Vec<_> = self.kept().map(|(_, it)| it.schema_id()).collect();
        ids.push(columns);
        ids.sort_unstable();
        ids.dedup();
        let schemas = ids.iter().map(|it| schema(self.store, self.version, *it));
        let schemas = schemas.collect::<Result<Vec<_>>>()?;
        let last_column_id = schemas.iter().map(last_column_id).max();
        let created = self.version.created.as_millisecond();
        let snapshot = |((at, _), list): ((usize, _), &String)| self.snapshot(at, list);
        let mut metadata = json!({
            "format-version": 2,
            "table-uuid": self.version.id,
            "location": self.location,
            "last-sequence-number": self.commits,
            "last-updated-ms": self.snapshots.last().map_or(created, |it| it.milliseconds),
            "last-column-id": last_column_id,
            "current-schema-id": columns,
            "schemas": schemas,
            "default-spec-id": 0,
            "partition-specs": [{"spec-id": 0, "fields": []}],
            "last-partition-id": LAST_PARTITION_ID,
            "default-sort-order-id": 0,
            "sort-orders": [{"order-id": 0, "fields": []}],
            "properties": {
                "annostore.store": self.store.name.as_str(),
                "annostore.version": self.version.name.as_str(),
            },
            "snapshots": self.kept().zip(lists).map(snapshot).collect::<Vec<_>>(),
            "snapshot-log": self.kept().map(|(_, it)| logged(it)).collect::<Vec<_>>(),
            "metadata-log": [],
            "refs": {},
        });
        if let Some(last) = self.snapshots.last() {
            metadata["current-snapshot-id"] = json!(last.id);
            metadata["refs"] = json!({"main": {"snapshot-id": last.id, "type": "branch"}});
        }
        Ok(metadata)
    }

    /// The snapshot at a place, with the URL of its manifest list.
    fn snapshot(&self, at: usize, list: &str) -> Value {
        let until = &self.snapshots[..=at];
        let total = |of: fn(&Snapshot) -> u64| until.iter().map(of).sum::<u64>().to_string();
        let it = &self.snapshots[at];
        let mut snapshot = json!({
            "snapshot-id": it.id,
            "sequence-number": it.number,
            "timestamp-ms": it.milliseconds,
            "schema-id": it.schema_id(),
            "manifest-list": list,
            "summary": {
                "operation": "append",
                "annostore.job": it.job,
                "added-data-files": it.files.to_string(),
                "added-records": it.rows.to_string(),
                "added-files-size": it.bytes.to_string(),
                "total-data-files": total(|it| it.files),
                "total-records": total(|it| it.rows),
                "total-files-size": total(|it| it.bytes),
            },
        });
        if let Some(parent) = at.checked_sub(1).map(|it| &self.snapshots[it]) {
            snapshot["parent-snapshot-id"] = json!(parent.id);
        }
        snapshot
    }
}

fn logged(snapshot: &Snapshot) -> Value {
    json!({"snapshot-id": snapshot.id, "timestamp-ms": snapshot.milliseconds})
}
