//! The tables beside a table that Athena has of Iceberg's: `"clinvar$files"`,
//! `"clinvar$snapshots"`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::common::TableReference;

use super::listed;
use crate::catalog::StoreEntry;
use crate::model::{Error, ErrorKind, Name, Result};
use crate::query::names::View;

/// What such tables are called behind the `$`.
const NAMES: [&str; 5] = ["files", "partitions", "snapshots", "history", "refs"];

/// The table that the name of such a table is beside, and what it is called behind the `$`.
pub fn beside(reference: &TableReference) -> Option<(TableReference, &str)> {
    let (table, what) = reference.table().split_once('$')?;
    let table: Arc<str> = Arc::from(table);
    Some((
        match reference.clone() {
            TableReference::Bare { .. } => TableReference::Bare { table },
            TableReference::Partial { schema, .. } => TableReference::Partial { schema, table },
            TableReference::Full { catalog, schema, .. } => {
                TableReference::Full { catalog, schema, table }
            }
        },
        what,
    ))
}

/// The table of a version's files, or of the one state that it has.
pub fn hidden(
    view: &dyn View,
    store: &StoreEntry,
    version: &Name,
    what: &str,
) -> Result<Arc<dyn TableProvider>> {
    let (version, files) = view.open(store, version)?;
    let signed = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
    let batch = match what {
        "files" => {
            let paths = files.iter().map(|it| Some(it.place.to_string()));
            let rows = files.iter().map(|it| Some(signed(it.rows)));
            let bytes = files.iter().map(|it| Some(signed(it.bytes)));
            let columns: [(&str, ArrayRef); 3] = [
                ("file_path", Arc::new(paths.collect::<StringArray>())),
                ("record_count", Arc::new(rows.collect::<Int64Array>())),
                ("file_size_in_bytes", Arc::new(bytes.collect::<Int64Array>())),
            ];
            listed(RecordBatch::try_from_iter(columns))?
        }
        "partitions" => {
            let one = |value: u64| Arc::new(Int64Array::from(vec![signed(value)])) as ArrayRef;
            let columns = [
                ("record_count", one(files.iter().map(|it| it.rows).sum())),
                ("file_count", one(files.len() as u64)),
                ("total_size", one(files.iter().map(|it| it.bytes).sum())),
            ];
            listed(RecordBatch::try_from_iter(columns))?
        }
        "refs" => {
            let columns: [(&str, ArrayRef); 3] = [
                ("name", Arc::new(StringArray::from(vec!["main"]))),
                ("type", Arc::new(StringArray::from(vec!["BRANCH"]))),
                ("snapshot_id", Arc::new(Int64Array::from(vec![1]))),
            ];
            listed(RecordBatch::try_from_iter(columns))?
        }
        "snapshots" | "history" => {
            let made = TimestampMicrosecondArray::from(vec![version.updated.as_microsecond()]);
            let at = if what == "history" { "made_current_at" } else { "committed_at" };
            let columns: [(&str, ArrayRef); 3] = [
                (at, Arc::new(made.with_timezone("+00:00"))),
                ("snapshot_id", Arc::new(Int64Array::from(vec![1]))),
                ("operation", Arc::new(StringArray::from(vec!["append"]))),
            ];
            listed(RecordBatch::try_from_iter(columns))?
        }
        _ => {
            let message = format!("there is no table `{}${}`", store.sql_name, what.escape_debug());
            let names = NAMES.map(|it| format!("\"{}${it}\"", store.sql_name)).join(", ");
            return Err(
                Error::new(ErrorKind::NotFound, message).with_help(format!("there are {names}"))
            );
        }
    };
    let table = MemTable::try_new(batch.schema(), vec![vec![batch]])
        .map_err(|error| Error::internal("cannot list files").with_source(error))?;
    Ok(Arc::new(table))
}
