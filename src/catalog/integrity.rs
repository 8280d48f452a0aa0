//! Whether a catalog is sound, and which data files it knows.

use rusqlite::{Connection, Row};

use super::Catalog;
use super::read::{ReadLock, file_of};
use super::resource::DataFile;
use super::rows::collect;
use crate::model::{Account, Result};

/// A data file, and the version that it belongs to.
#[derive(Debug)]
pub struct FileOfVersion {
    /// What the reader calls the store: its name, and `<owner>_<name>` where it is another's.
    pub store: String,
    /// The version.
    pub version: String,
    /// Where the file lies, relative to the home.
    pub path: String,
    /// The file, or why its row cannot be read.
    pub file: Result<DataFile>,
}

impl Catalog {
    /// What is wrong in the catalog, in words; nothing where it is sound.
    pub fn faults(&self) -> Result<Vec<String>> {
        self.read(|connection| Ok(faults_of(connection)))
    }
}

impl ReadLock {
    /// The data files of a store, or of all stores of the home, in the order in which they came.
    pub fn data_files(&self, reader: &Account, store: Option<&str>) -> Result<Vec<FileOfVersion>> {
        let sql = "SELECT s.account, s.name AS store, v.name AS version, f.*
            FROM data_files f JOIN versions v ON v.id = f.version_id
                JOIN stores s ON s.id = v.store_id
            WHERE ?1 IS NULL OR s.id = ?1 ORDER BY s.seq, v.seq, f.seq";
        let storage = self.storage()?;
        self.view(|connection| {
            collect(connection, sql, &[&store], |row| {
                let (owner, name): (String, String) = (row.get("account")?, row.get("store")?);
                let is_own = owner == reader.as_str();
                Ok(FileOfVersion {
                    store: if is_own { name } else { format!("{owner}_{name}") },
                    version: row.get("version")?,
                    path: row.get("path")?,
                    file: file_of(row, &storage),
                })
            })
        })
    }
}

/// What is wrong in a catalog, in words: what SQLite finds in the file, or else rows that do not
/// fit together.
pub(super) fn faults_of(connection: &Connection) -> Vec<String> {
    let found = texts(connection, "PRAGMA integrity_check", |row| Ok(row.get(0)?));
    match found {
        Ok(found) if found == ["ok"] => rows_that_do_not_fit(connection),
        Ok(found) => Ok(found),
        Err(error) => Err(error),
    }
    // It may be too damaged to be looked at.
    .unwrap_or_else(|error| vec![error.to_string()])
}

fn rows_that_do_not_fit(connection: &Connection) -> Result<Vec<String>> {
    let mut found = texts(connection, "PRAGMA foreign_key_check", |row| {
        let (table, other): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(format!("a row of {table} names one of {other} that is not there"))
    })?;
    // Files that were put together have rows of several jobs.
    let rows_lost = "SELECT s.name || '.' || v.name, j.rows, coalesce(f.rows, 0)
        FROM (SELECT version_id, sum(rows_stored) AS rows FROM jobs
              WHERE status IN ('COMPLETED', 'COMPLETED_WITH_FAILURES') GROUP BY 1) j
            JOIN versions v ON v.id = j.version_id JOIN stores s ON s.id = v.store_id
            LEFT JOIN (SELECT version_id, sum(rows) AS rows FROM data_files GROUP BY 1) f
                ON f.version_id = v.id
        WHERE j.rows <> coalesce(f.rows, 0)";
    found.extend(texts(connection, rows_lost, |row| {
        let (name, stored, known): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("imports into {name} stored {stored} rows, but its data files have {known}"))
    })?);
    Ok(found)
}

fn texts(
    connection: &Connection,
    sql: &str,
    make: impl FnMut(&Row<'_>) -> Result<String>,
) -> Result<Vec<String>> {
    collect(connection, sql, &[], make)
}
