//! Deferred removal: what a delete took out of the catalog is unlinked once no reader is left.
//!
//! A reader takes the readers' lock, shared, before it looks at the list of files. So whoever gets
//! that lock alone knows that nobody reads a file of a removal, and that nobody will: no list names
//! it any more.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::home::{Home, names_in, remove_file, remove_tree, sync_folder};
use super::lock::{open_readers_lock, try_lock};
use super::rows::collect;
use super::{Access, Catalog, Patience};
use crate::model::Result;

/// Puts the data files of a version on the list of removals.
pub(super) fn remove_files_of(connection: &Connection, version: &str) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO removals (path) SELECT path FROM data_files WHERE version_id = ?1",
        [version],
    )?;
    Ok(())
}

/// Puts what jobs reported on the list of removals: those of a store (`store_id`) or of a version
/// (`version_id`).
pub(super) fn remove_reports_of(
    connection: &Connection,
    home: &Home,
    column: &str,
    id: &str,
) -> Result<()> {
    let sql = format!("SELECT id FROM jobs WHERE {column} = ?1");
    for job in collect(connection, &sql, &[&id], |row| Ok(row.get::<_, String>(0)?))? {
        if home.report_of(&job).exists() {
            let sql = "INSERT OR IGNORE INTO removals (path) VALUES (?1)";
            connection.execute(sql, [format!("reports/{job}")])?;
        }
    }
    Ok(())
}

/// Removes the files in the folder of a version that no row names: a process moved them there and
/// died. For a holder of the write lock, who knows that none is about to name them.
pub(super) fn remove_strays(
    connection: &Connection,
    home: &Home,
    store: &str,
    version: &str,
) -> Result<()> {
    let relative = Home::data_folder(store, version);
    let folder = home.resolve(&relative);
    let names = names_in(&folder)?;
    let sql = "SELECT path FROM data_files WHERE version_id = ?1 UNION SELECT path FROM removals";
    let known = collect(connection, sql, &[&version], |row| Ok(row.get::<_, String>(0)?))?;
    let known: HashSet<_> = known.into_iter().collect();
    for name in names.iter().filter(|it| !known.contains(&format!("{relative}/{it}"))) {
        remove_file(&folder.join(name))?;
    }
    remove_if_empty(&folder)
}

impl Catalog {
    /// Unlinks what is on the list of removals, if no reader is left and nobody writes. Returns
    /// whether the list is empty now.
    pub fn purge(&self) -> Result<bool> {
        if self.inner.access != Access::Full {
            return Ok(false);
        }
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM removals)";
        if self.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?))? {
            return Ok(true);
        }
        let home = &self.inner.home;
        let done =
            self.write_if(Patience::LeaveIt, |connection| purge_in_turn(connection, home))?;
        Ok(done == Some(true))
    }

    /// Unlinks what can be unlinked now. Where that fails, the list stays for whoever comes next.
    pub(super) fn purge_quietly(&self) {
        let _ = self.purge();
    }
}

/// Unlinks what is on the list of removals, if no reader is left, and empties it; whether it did.
/// For a holder of the write lock: one process does so for all. Where processes always wait for
/// that lock, those that put more on the list see to what was there.
pub(super) fn purge_in_turn(connection: &Connection, home: &Home) -> Result<bool> {
    let waiting: Vec<String> =
        collect(connection, "SELECT path FROM removals", &[], |row| Ok(row.get(0)?))?;
    if waiting.is_empty() {
        return Ok(true);
    }
    let (lock, path) = open_readers_lock(home)?;
    if !try_lock(&lock, &path)? {
        return Ok(false);
    }
    // Nobody is left who knows of them, and nobody can come to: the lock has told enough.
    drop(lock);
    let paths: Vec<_> = waiting.iter().filter_map(|it| home.resolve_removal(it)).collect();
    unlink(&paths)?;
    remove_folders_of(&paths)?;
    connection.execute("DELETE FROM removals", [])?;
    Ok(true)
}

/// Removes files, and folders of reports.
fn unlink(paths: &[PathBuf]) -> Result<()> {
    paths.iter().try_for_each(|it| if it.is_dir() { remove_tree(it) } else { remove_file(it) })
}

/// Removes the folders of versions and stores that have no files any more.
fn remove_folders_of(paths: &[PathBuf]) -> Result<()> {
    let of_data = paths.iter().filter(|it| it.extension().is_some_and(|it| it == "parquet"));
    let mut folders: Vec<_> = of_data.filter_map(|it| it.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    folders.into_iter().try_for_each(remove_if_empty)
}

/// Removes a version's folder, and its store's, where they are empty. What stays is on the disk as
/// it is.
pub(super) fn remove_if_empty(version: &Path) -> Result<()> {
    let store = version.parent();
    let data = store.and_then(Path::parent);
    for folder in [Some(version), store].into_iter().flatten() {
        // Fails where something is left in it, which is the usual case for a store's.
        if fs::remove_dir(folder).is_err() && folder.exists() {
            return sync_folder(folder);
        }
    }
    data.filter(|it| it.exists()).map_or(Ok(()), sync_folder)
}
