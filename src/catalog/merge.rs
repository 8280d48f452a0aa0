//! Many small files of a version become few larger ones: which they are, and how those take their
//! place.

use rusqlite::{Connection, params};

use super::Catalog;
use super::read::file_of;
use super::removal::{purge_in_turn, put_on_list};
use super::resource::DataFile;
use super::rows::{self, collect};
use crate::model::Result;

/// Files of about as many rows from which on they are merged.
pub const MERGED_FROM: usize = 16;
/// Files that are merged at once.
const MOST_FILES: usize = 1024;
/// Rows that are merged at once, so that no import waits long for it; two files are at any rate.
const MOST_ROWS: u64 = 1 << 18;
/// Rows from which on a file is not small.
const MANY_ROWS: u64 = 1 << 16;
/// Bytes from which on a file is not small.
const MANY_BYTES: u64 = 4 << 20;

/// The files of a version that are to be merged next, oldest first; none where they are few.
///
/// Files of a kind have less than 16 times as many rows as each other, so that a row is written
/// anew a few times, however many imports follow it. The headers of their imports have to be known,
/// since a file tells of the job that wrote it.
pub(super) fn small_files(catalog: &Catalog, version: &str) -> Result<Vec<DataFile>> {
    let small = "FROM data_files WHERE version_id = ?1 AND rows < ?2 AND bytes < ?3
        AND job_id IN (SELECT job_id FROM job_headers WHERE version_id = ?1)";
    let kind = "CASE WHEN rows < 16 THEN 0 WHEN rows < 256 THEN 1 WHEN rows < 4096 THEN 2 ELSE 3
        END";
    let (most_rows, most_bytes) = (rows::signed(MANY_ROWS), rows::signed(MANY_BYTES));
    let storage = catalog.storage()?;
    catalog.read(|connection| {
        let kinds = format!(
            "SELECT {kind} AS kind {small} GROUP BY kind HAVING count(*) >= {MERGED_FROM}
             ORDER BY kind LIMIT 1"
        );
        let values = params![version, most_rows, most_bytes];
        let found = collect(connection, &kinds, values, |row| Ok(row.get::<_, i64>(0)?))?;
        let Some(found) = found.first() else { return Ok(Vec::new()) };
        let files = format!("SELECT * {small} AND {kind} = ?4 ORDER BY seq LIMIT {MOST_FILES}");
        let values = params![version, most_rows, most_bytes, found];
        let mut files = collect(connection, &files, values, |row| file_of(row, &storage))?;
        let mut rows = 0;
        let fits = files.iter().take_while(|it| {
            rows += it.rows;
            rows <= MOST_ROWS
        });
        files.truncate(fits.count().max(2));
        Ok(files)
    })
}

/// Takes the files that go in a commit of a version out of the catalog; false, and nothing done,
/// where some have gone already: somebody else merged them.
pub(super) fn take_out(
    connection: &Connection,
    catalog: &Catalog,
    (version, commit): (&str, u64),
    replaced: &[DataFile],
) -> Result<bool> {
    // Where that fails, the list stays.
    let _ = purge_in_turn(connection, &catalog.inner.home);
    let paths: Vec<&str> = replaced.iter().map(|it| it.place.key()).collect();
    let there = "SELECT EXISTS (SELECT 1 FROM data_files WHERE version_id = ?1 AND path = ?2)";
    for path in &paths {
        if !connection.query_row(there, [version, path], |row| row.get::<_, bool>(0))? {
            return Ok(false);
        }
    }
    for path in &paths {
        connection.execute("DELETE FROM data_files WHERE path = ?1", [path])?;
        put_on_list(connection, path, Some(commit))?;
    }
    Ok(true)
}
