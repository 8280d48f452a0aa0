//! The commits of a version in their order, from which metadata for other engines is made.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::Catalog;
use super::read::{ReadLock, file_of};
use super::resource::{DataFile, Store, Version};
use super::rows::{self, collect, first};
use super::version::load as load_version;
use crate::model::{Name, Result};

/// What imports have made of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commits {
    /// How many there were, with those whose files were merged into others.
    pub count: u64,
    /// Those that have data files, oldest first.
    pub with_files: Vec<Commit>,
}

/// One commit: a job, and what it added to its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The job's id.
    pub job: String,
    /// Its number within the version: the first commit has 1.
    pub number: u64,
    /// When it was through.
    pub completed: Timestamp,
    /// How many of the version's INFO columns there were then; jobs of earlier programs do not say.
    pub info_columns: Option<usize>,
    /// Its data files, with those that it merged.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
    /// Bytes of them.
    pub bytes: u64,
}

impl ReadLock {
    /// The commits of a version; none where there is no such version.
    pub fn commits(&self, version: &str) -> Result<Option<Commits>> {
        let count = "SELECT commits FROM versions WHERE id = ?1";
        let sql = "SELECT j.id, j.commit_number, j.updated, j.info_columns, count(*) AS files,
                sum(d.rows) AS row_count, sum(d.bytes) AS size
            FROM data_files d JOIN jobs j ON j.id = d.job_id
            WHERE d.version_id = ?1 GROUP BY j.id ORDER BY j.commit_number";
        self.view(|connection| {
            let count = first(connection, count, &[&version], |row| rows::count(row, "commits"))?;
            let Some(count) = count else { return Ok(None) };
            let with_files = collect(connection, sql, &[&version], |row| {
                let info_columns: Option<i64> = row.get("info_columns")?;
                Ok(Commit {
                    job: row.get("id")?,
                    number: rows::count(row, "commit_number")?,
                    completed: rows::time(row, "updated")?,
                    info_columns: info_columns.and_then(|it| usize::try_from(it).ok()),
                    files: rows::count(row, "files")?,
                    rows: rows::count(row, "row_count")?,
                    bytes: rows::count(row, "size")?,
                })
            })?;
            Ok(Some(Commits { count, with_files }))
        })
    }

    /// A version of a store as it is now.
    pub fn version(&self, store: &Store, name: &Name) -> Result<Version> {
        self.view(|it| load_version(it, store, name.as_str()))
    }

    /// The data files that a commit added, in order.
    pub fn files_of(&self, commit: &Commit) -> Result<Vec<DataFile>> {
        let sql = "SELECT * FROM data_files WHERE job_id = ?1 ORDER BY seq";
        let storage = self.storage()?;
        self.view(|it| collect(it, sql, &[&commit.job], |row| file_of(row, &storage)))
    }
}

impl Catalog {
    /// Whether there is still a version of this id.
    pub fn has_version(&self, id: &str) -> Result<bool> {
        Ok(self.count_commits(id)?.is_some())
    }

    /// How many commits a version has had; none where it is gone.
    pub fn count_commits(&self, id: &str) -> Result<Option<u64>> {
        let sql = "SELECT commits FROM versions WHERE id = ?1";
        self.read(|connection| first(connection, sql, &[&id], |row| rows::count(row, "commits")))
    }
}

/// Numbers a commit that is on its way, and gives its number within its version.
pub(super) fn begin(connection: &Connection, version: &str) -> Result<u64> {
    let sql = "UPDATE versions SET commits = commits + 1, updated = max(updated, ?2)
        WHERE id = ?1 RETURNING commits";
    let values = params![version, super::now().as_microsecond()];
    connection
        .query_row(sql, values, |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))
        .map_err(Into::into)
}

/// Keeps which commit of its version a job was, and how many INFO columns there were after it.
pub(super) fn keep(connection: &Connection, job: &str, number: u64, columns: usize) -> Result<()> {
    let sql = "UPDATE jobs SET commit_number = ?2, info_columns = ?3 WHERE id = ?1";
    let columns = i64::try_from(columns).unwrap_or(i64::MAX);
    connection.execute(sql, params![job, rows::signed(number), columns])?;
    Ok(())
}
